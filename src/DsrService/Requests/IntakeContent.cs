using DsrService.Sdk.Contracts;

namespace DsrService.Requests;

/// <summary>What the person sent, as it lies sealed in <see cref="DataSubjectRequest.Intake"/>. The same JSON as the
/// public API's body, without right, language and country, which stay plain.</summary>
internal sealed record IntakeContent
{
    public required RequesterContent Requester { get; init; }
    public SubjectContent? Subject { get; init; }
    public string? Details { get; init; }
    public ErasureContent? Erasure { get; init; }
    public IReadOnlyList<Correction> Corrections { get; init; } = [];

    /// <summary>What shows that a correction is right; for who decides, not for the systems.</summary>
    public IReadOnlyList<CorrectionEvidence> Evidence { get; init; } = [];
    public RestrictionContent? Restriction { get; init; }
    public ObjectionContent? Objection { get; init; }

    /// <summary>Who brought the request in and vouches for whose it is; null where the person came alone.</summary>
    public string? VouchedBy { get; init; }
}

/// <summary>Who writes. The e-mail is an identifier of the subject only where the relation is self.</summary>
internal sealed record RequesterContent(string? Name, string Email, Relation Relation);

/// <summary>Whose data it is, where somebody else writes.</summary>
internal sealed record SubjectContent(string? Name, DateOnly? BirthDate);

internal sealed record CorrectionEvidence(string Field, string Text);

/// <param name="Grounds">Of Art. 17(1).</param>
/// <param name="TellWhenErased">Whether the person wants to hear when what had to stay is erased at last.</param>
internal sealed record ErasureContent(IReadOnlyList<ErasureGround> Grounds, bool TellWhenErased = false);

internal sealed record RestrictionContent(RestrictionGround Ground);

internal sealed record ObjectionContent(string? Purpose, string? Grounds)
{
    public const string DirectMarketing = "direct-marketing";
}

internal enum Relation
{
    Self,
    Guardian,
    Representative,
}

internal enum Channel
{
    Api,
    Web,
    Letter,
    Phone,
    Email,
    InPerson,
    Opendsr,
}

internal enum RefusalGround
{
    IdentityNotConfirmed,
    Unfounded,
    Excessive,
    NotApplicable,
    Exempt,
    NotTheController,
    RestrictedByLaw,
}
