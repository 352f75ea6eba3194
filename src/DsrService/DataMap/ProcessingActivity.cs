namespace DsrService.DataMap;

/// <summary>One row of the record of processing (Art. 30): a purpose, its legal basis, and the data in one system.</summary>
internal sealed record ProcessingActivity
{
    public required string Key { get; init; }

    /// <summary>In plain words, as the person reads them.</summary>
    public required LocalText Purpose { get; init; }
    public PurposeKind PurposeKind { get; init; }
    public required LegalBasis LegalBasis { get; init; }
    public SpecialCondition? SpecialCondition { get; init; }

    /// <summary>The law that requires the processing; only and always where the basis is a legal obligation.</summary>
    public string? Obligation { get; init; }

    /// <summary>Whether the controller's own policy says so or we read it so.</summary>
    public required Reading Reading { get; init; }

    /// <summary>Why we read it so.</summary>
    public string? ReadingNote { get; init; }
    public required string System { get; init; }
    public required IReadOnlyList<string> Categories { get; init; }
    public IReadOnlyList<string> Recipients { get; init; } = [];
    public required RetentionRule Retention { get; init; }
    public required DataSource Source { get; init; }

    /// <summary>Who gave the data, where the person did not (Art. 15(1)(g)).</summary>
    public LocalText? SourceName { get; init; }

    /// <summary>Whether the processing is carried out by automated means (Art. 20(1)(b)).</summary>
    public bool Automated { get; init; } = true;

    /// <summary>Logic, significance and consequences of a decision under Art. 22 (Art. 15(1)(h)); null where none is made.</summary>
    public LocalText? AutomatedDecision { get; init; }

    /// <summary>Whether a request for erasure closes the purpose (Art. 17(1)(a)).</summary>
    public required bool EndsOnErasure { get; init; }

    /// <summary>Why the data is still necessary then; only and always where it does not end.</summary>
    public LocalText? NecessaryReason { get; init; }

    /// <summary>What of it is kept where it must be kept; null where nothing can be cut down.</summary>
    public LocalText? CutDownTo { get; init; }

    /// <summary>How an erasure leaves it.</summary>
    public ErasureMethod ErasureMethod { get; init; }

    /// <summary>Other people's data in it (Art. 15(4), 20(4)).</summary>
    public OthersData OthersData { get; init; }

    /// <summary>What an objection under Art. 21(1) leads to. Objections to direct marketing always stop it.</summary>
    public OnObjection OnObjection { get; init; }

    /// <summary>False where the controller cannot tell whose data it is (Art. 11).</summary>
    public bool Identifiable { get; init; } = true;

    /// <summary>Collected from children by an online service on consent (Art. 8(1), 17(1)(f)).</summary>
    public bool FromChildren { get; init; }

    /// <summary>The law by which access to it may be restricted (Art. 23).</summary>
    public string? RestrictedBy { get; init; }

    /// <summary>Whether the controller has made the data public (Art. 17(2)).</summary>
    public bool MadePublic { get; init; }

    /// <summary>Where the data lies; what was learnt from it into a model cannot simply be erased.</summary>
    public DataLocation Location { get; init; }

    public bool IsDirectMarketing => PurposeKind == PurposeKind.DirectMarketing;
}

internal enum PurposeKind
{
    Normal,
    DirectMarketing,
    ResearchStatistics,
    ArchivingPublicInterest,
    Expression,
    PublicHealth,
    LegalClaims,
}

/// <summary>Art. 6(1)</summary>
internal enum LegalBasis
{
    Consent,
    Contract,
    LegalObligation,
    VitalInterests,
    PublicTask,
    LegitimateInterests,
}

/// <summary>Art. 9(2)</summary>
internal enum SpecialCondition
{
    ExplicitConsent,
    EmploymentLaw,
    VitalInterests,
    NonProfitBody,
    MadePublic,
    LegalClaims,
    SubstantialPublicInterest,
    HealthCare,
    PublicHealth,
    ResearchArchiving,
}

internal enum Reading
{
    /// <summary>The controller's own policy says it.</summary>
    Policy,
    /// <summary>The policy leaves it open; this is how we fill it.</summary>
    Ours,
}

internal enum DataSource
{
    Provided,
    Observed,
    Derived,
    ThirdParty,
}

internal enum DataLocation
{
    Live,
    Log,
    Archive,
    /// <summary>The weights of a trained model.</summary>
    Model,
}

internal enum ErasureMethod
{
    Erase,
    /// <summary>The link to the person goes, the record stays.</summary>
    Anonymise,
}

internal enum OthersData
{
    None,
    /// <summary>The system redacts it before it hands data over.</summary>
    RedactedBySystem,
    /// <summary>A person weighs it.</summary>
    Review,
}

internal enum OnObjection
{
    /// <summary>A person weighs whether the controller shows compelling grounds.</summary>
    Weigh,
    /// <summary>The controller claims no compelling grounds.</summary>
    Stop,
}
