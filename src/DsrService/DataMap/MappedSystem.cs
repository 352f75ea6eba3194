using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;

namespace DsrService.DataMap;

/// <summary>A system that holds personal data, and what it can be asked to do.</summary>
internal sealed record MappedSystem
{
    public required string Key { get; init; }
    public required LocalText Label { get; init; }
    public required Binding Binding { get; init; }

    /// <summary>Identifier kinds it knows people by; any one of them will do.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>Identifier kinds its receipts give, by which other systems know people.</summary>
    public IReadOnlyList<string> Gives { get; init; } = [];

    public required IReadOnlyList<TaskAction> Actions { get; init; }

    /// <summary>Whether it can say what a change would do without doing it.</summary>
    public bool CanPreview { get; init; }

    /// <summary>Whether it can say afterwards what is still there. Where not, a change is proved by its receipt alone.</summary>
    public bool CanBeAskedAgain { get; init; }

    /// <summary>Whether it hands data over in several parts.</summary>
    public bool HandsOverParts { get; init; }

    /// <summary>How long its backups live.</summary>
    public Period? BackupPeriod { get; init; }

    /// <summary>The recipient whose system this is; null for the controller's own.</summary>
    public string? Recipient { get; init; }

    /// <summary>Where a vendor is written to (manual binding); null where the controller's own staff do the work.</summary>
    public string? VendorContact { get; init; }

    /// <summary>Of a processor that speaks OpenDSR.</summary>
    public OpenDsrPeering? OpenDsr { get; init; }

    /// <summary>What can be rectified here.</summary>
    public IReadOnlyList<CorrectableField> Fields { get; init; } = [];

    public bool Can(TaskAction action) => Actions.Contains(action);
}

/// <summary>A field that can be rectified, the category it belongs to, and on what showing.</summary>
internal sealed record CorrectableField(string Field, string Category, RectificationProof Proof, LocalText Label)
{
    /// <summary>What the person names where no system holds such a field: somebody looks at it.</summary>
    public const string Other = "something-else";
}

internal enum RectificationProof
{
    /// <summary>The person is the authority on it, such as the own postal address.</summary>
    PersonsWord,
    /// <summary>Somebody compares it with the records first.</summary>
    Review,
    /// <summary>An opinion, score or diagnosis: it is not overwritten, the person's statement is added to it.</summary>
    Opinion,
}
