using DsrService.DataMap;
using DsrService.Notices.Templates;
using DsrService.Requests;

namespace DsrService.Response.Package;

/// <summary>What the first page of a package says: the confirmation, the information of Art. 15(1) and (2) from the data map in
/// force for the request, and what lies in the package. Gathered by <see cref="GatherFacts"/>; every name is in the person's language.</summary>
internal sealed record PackageFacts
{
    public required LetterWords Words { get; init; }
    public required string Reference { get; init; }
    public required Right Right { get; init; }
    public required DateOnly ReceivedOn { get; init; }
    public required DateOnly MadeOn { get; init; }
    public required ControllerFacts Controller { get; init; }
    public required Uri Portal { get; init; }

    /// <summary>Kinds of identifier by which the person was looked for.</summary>
    public required IReadOnlyList<string> LookedForBy { get; init; }
    public required IReadOnlyList<DataSet> Sets { get; init; }
    public required IReadOnlyList<PackagedFile> Files { get; init; }
    public required IReadOnlyList<PurposeFacts> Purposes { get; init; }
    public required IReadOnlyList<RecipientFacts> Recipients { get; init; }
    public required IReadOnlyList<string> AutomatedDecisions { get; init; }
    public required IReadOnlyList<WithheldFacts> Withheld { get; init; }

    /// <summary>Systems that looked and hold nothing.</summary>
    public required IReadOnlyList<string> NothingFoundAt { get; init; }

    /// <summary>Systems that could not look, with the identifiers by which they know people.</summary>
    public required IReadOnlyList<string> NotLookedAt { get; init; }

    public bool AnythingFound => Sets.Count + Files.Count > 0 || Withheld.Any(withheld => withheld.Records > 0);
}

/// <summary>The records of one category at one system, written as JSON and for a portability as CSV too.</summary>
internal sealed record DataSet
{
    public required string Category { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }
    public required string System { get; init; }
    public required string SystemLabel { get; init; }

    /// <summary>Uploaded parts of NDJSON, in their order.</summary>
    public required IReadOnlyList<StoredFile> Parts { get; init; }
    public required string JsonName { get; init; }
    public string? CsvName { get; init; }

    /// <summary>What was done to the records before they were handed over, such as blacking out other people's data.</summary>
    public string? Remark { get; init; }

    /// <summary>The first records, as the page shows them.</summary>
    public IReadOnlyList<IReadOnlyList<RecordCell>> Preview { get; init; } = [];

    public int Records => Parts.Sum(part => part.Records);
}

/// <summary>A file as it was handed over.</summary>
internal sealed record PackagedFile(string Label, string SystemLabel, StoredFile File, string Name);

/// <summary>Art. 15(1)(a), (b), (d), (g)</summary>
internal sealed record PurposeFacts(string Purpose, string LegalBasis, IReadOnlyList<string> Categories, string Storage, string Source, IReadOnlyList<string> Recipients);

/// <summary>Art. 15(1)(c), 15(2)</summary>
internal sealed record RecipientFacts(string Name, string Role, string Country, bool InThirdCountry, string? Safeguard);

/// <summary>What is not in the package, and why.</summary>
internal sealed record WithheldFacts(string Category, string System, string Reason, string? Article, int Records);
