namespace DsrService.Requests;

/// <summary>Art. 17(1)</summary>
internal enum ErasureGround
{
    NoLongerNecessary,
    ConsentWithdrawn,
    Objection,
    Unlawful,
    LegalDuty,
    Child,
    Unknown,
}

/// <summary>Art. 18(1)</summary>
internal enum RestrictionGround
{
    AccuracyContested,
    Unlawful,
    NeededForClaims,
    ObjectionPending,
    /// <summary>The person does not know; somebody looks which case applies.</summary>
    Unknown,
}
