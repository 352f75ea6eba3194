namespace DsrService.Applicability.Rules;

/// <summary>What the law gives for one row of the data map. The decision is made per row, never per person.</summary>
internal enum Decision
{
    Grant,
    /// <summary>Granted but for a part, which the reason names.</summary>
    Partial,
    Deny,
    /// <summary>Only a person may decide it; the question says what.</summary>
    Human,
}

/// <summary>A decision with its article and reason; <see cref="Because"/> says which rule spoke.</summary>
internal sealed record RowDecision
{
    public required Decision Decision { get; init; }

    /// <summary>Such as <c>17(3)(b)</c>.</summary>
    public required string Article { get; init; }

    /// <summary>A code of <see cref="ReasonCode"/>; also the key of the letter's text.</summary>
    public required string Reason { get; init; }

    /// <summary>In English, for the agent.</summary>
    public required string Because { get; init; }

    /// <summary>The law or basis behind a kept row, such as a bookkeeping act.</summary>
    public string? LegalBasis { get; init; }

    /// <summary>The last day on which anything of the row may be kept; a receipt gives the exact day of each item.</summary>
    public DateOnly? Until { get; init; }

    public Question? Question { get; init; }

    /// <summary>Key of the question whose answer this is; the words of whoever answered belong to it.</summary>
    public string? Answered { get; init; }
}

/// <summary>Something only a person may decide. The same key stands for the same question in several rows.</summary>
internal sealed record Question(string Key, string Article, string Text);

/// <summary>Granting gives the person what was asked; denying keeps the data as it is, and needs reasons in the letter.</summary>
internal enum QuestionAnswer
{
    Grant,
    Deny,
}

/// <summary>Art. 17(3)(e), 18(2): data that must not go while a claim or an authority needs it.</summary>
internal enum LegalHold
{
    None,
    Litigation,
    Authority,
}
