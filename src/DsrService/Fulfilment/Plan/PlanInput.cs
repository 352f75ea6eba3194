using DsrService.Applicability.Rules;

namespace DsrService.Fulfilment.Plan;

/// <summary>What a plan is made from, besides the data map. Kinds and field names only, no values.</summary>
internal sealed record PlanInput : CaseFacts
{
    public required IReadOnlyList<KnownIdentifier> Identifiers { get; init; }

    /// <summary>Fields the person wants rectified.</summary>
    public IReadOnlyList<string> CorrectionFields { get; init; } = [];
}

/// <summary>An identifier of the person, without its value.</summary>
internal sealed record KnownIdentifier(string Kind, bool Verified);
