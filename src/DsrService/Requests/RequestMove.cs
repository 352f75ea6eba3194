namespace DsrService.Requests;

/// <summary>What can happen to a request. Those a person of the staff makes are named in the staff API; the others
/// are made by the service or by the person who asked.</summary>
internal enum RequestMove
{
    // made by staff
    Assign,
    Note,
    Extend,
    Suspend,
    Resume,
    Hold,
    ReleaseHold,
    Approve,
    Refuse,
    Answer,
    Withdraw,

    // made by the service
    AskIdentity,
    Plan,
    Start,
    EndTasks,
    ReopenTasks,
    Expire,
    Reopen,
}
