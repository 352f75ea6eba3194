using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>What the answer to a request tells, whatever its wording: made by <see cref="GatherAnswer"/>, worded by
/// <see cref="AnswerLetters"/>. All names are in the person's language already.</summary>
internal sealed record AnswerFacts
{
    public required Right Right { get; init; }

    /// <summary>The fate of each category, in the order of the data map.</summary>
    public required IReadOnlyList<AnswerItem> Items { get; init; }

    /// <summary>Art. 19: who was told, and when.</summary>
    public IReadOnlyList<AnswerRecipient> Recipients { get; init; } = [];

    /// <summary>The day on which the last of it was done.</summary>
    public required DateOnly DoneOn { get; init; }

    /// <summary>The day of the answer, by which it may be late.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Identifier kinds by which the person was looked for.</summary>
    public IReadOnlyList<string> LookedForBy { get; init; } = [];

    /// <summary>Systems that looked and hold nothing, and those to which nothing leads.</summary>
    public IReadOnlyList<string> NothingFoundAt { get; init; } = [];

    /// <summary>Art. 15(1)(a) to (d), (g): one entry for each purpose for which data was found.</summary>
    public IReadOnlyList<PurposeOfAnswer> Purposes { get; init; } = [];

    /// <summary>Art. 15(1)(c), 15(2): the actual recipients by name.</summary>
    public IReadOnlyList<Disclosure> DisclosedTo { get; init; } = [];

    /// <summary>Art. 15(1)(h)</summary>
    public IReadOnlyList<string> AutomatedDecisions { get; init; } = [];

    /// <summary>Fields that were corrected or completed.</summary>
    public IReadOnlyList<string> CorrectedFields { get; init; } = [];

    /// <summary>Records that show what was true at their time and keep a former value, with the law that wants it.</summary>
    public IReadOnlyList<string> HistoricRecords { get; init; } = [];

    /// <summary>The purposes that were stopped.</summary>
    public IReadOnlyList<string> StoppedPurposes { get; init; } = [];

    /// <summary>Whether the person's address is now on the suppression list of direct marketing.</summary>
    public bool MarketingSuppressed { get; init; }

    /// <summary>Art. 18(1): the case that applies, as a code of the reasons.</summary>
    public string? RestrictionCase { get; init; }

    /// <summary>Systems whose backups hold the data for a while longer.</summary>
    public IReadOnlyList<BackupOfAnswer> Backups { get; init; } = [];

    /// <summary>What the agent adds in words of their own.</summary>
    public string? Remark { get; init; }

    public bool AnythingDone => Items.Any(item => item.Outcome < AnswerOutcome.NothingFound);

    /// <summary>Kept, refused or set aside: the letter must give reasons and remedies (Art. 12(4)).</summary>
    public bool AnythingWithheld => Items.Any(item => item.Outcome > AnswerOutcome.NothingFound);
}

internal sealed record PurposeOfAnswer(string Purpose, string LegalBasis, string Categories, string Storage, string Source);

/// <summary>A system's backups and the day on which the last that can hold the data is gone.</summary>
internal sealed record BackupOfAnswer(string System, DateOnly GoneBy);
