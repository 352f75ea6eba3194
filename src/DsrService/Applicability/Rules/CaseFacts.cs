using DsrService.Requests;

namespace DsrService.Applicability.Rules;

/// <summary>What is known of the case besides the data map. Nothing personal.</summary>
internal record CaseFacts
{
    public required Right Right { get; init; }

    /// <summary>The day in the controller's time zone.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Where somebody writes for the person, a human being looks at the authority first (Art. 12(6)).</summary>
    public Relation Relation { get; init; }

    /// <summary>Empty is as <see cref="ErasureGround.Unknown"/>.</summary>
    public IReadOnlyList<ErasureGround> ErasureGrounds { get; init; } = [];
    public RestrictionGround? RestrictionGround { get; init; }

    /// <summary><see cref="ObjectionRules.DirectMarketing"/>, the key of an activity, or null for all that can be objected to.</summary>
    public string? ObjectionPurpose { get; init; }
    public LegalHold Hold { get; init; }

    /// <summary>Fields of a rectification to which the person adds a statement.</summary>
    public IReadOnlyList<string> StatementFields { get; init; } = [];

    /// <summary>Answers given so far, by the key of the question.</summary>
    public IReadOnlyDictionary<string, QuestionAnswer> Answers { get; init; } = new Dictionary<string, QuestionAnswer>();
}
