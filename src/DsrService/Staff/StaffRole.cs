namespace DsrService.Staff;

/// <summary>What a member of staff may do at one controller: agent ⊂ approver ⊂ officer; the others stand apart.</summary>
internal enum StaffRole
{
    Agent,
    Approver,
    Officer,
    Auditor,
    Admin,
    SystemOwner,
}
