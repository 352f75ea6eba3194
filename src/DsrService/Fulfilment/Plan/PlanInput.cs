using DsrService.Applicability.Rules;
using DsrService.Requests;

namespace DsrService.Fulfilment.Plan;

/// <summary>What a plan is made from, besides the data map. Kinds and field names only, no values.</summary>
internal sealed record PlanInput
{
    public required Right Right { get; init; }

    /// <summary>The day in the controller's time zone.</summary>
    public required DateOnly Today { get; init; }
    public required IReadOnlyList<KnownIdentifier> Identifiers { get; init; }

    /// <summary>Empty is as <see cref="ErasureGround.Unknown"/>.</summary>
    public IReadOnlyList<ErasureGround> ErasureGrounds { get; init; } = [];
    public RestrictionGround? RestrictionGround { get; init; }

    /// <summary><c>direct-marketing</c>, the key of an activity, or null for everything that can be objected to.</summary>
    public string? ObjectionPurpose { get; init; }

    /// <summary>Fields the person wants rectified.</summary>
    public IReadOnlyList<string> CorrectionFields { get; init; } = [];
    public LegalHold Hold { get; init; }

    /// <summary>Answers given so far, by the key of the question.</summary>
    public IReadOnlyDictionary<string, QuestionAnswer> Answers { get; init; } = new Dictionary<string, QuestionAnswer>();
}

/// <summary>An identifier of the person, without its value.</summary>
internal sealed record KnownIdentifier(string Kind, bool Verified);
