using DsrService.Demo.People;

namespace DsrService.Demo.Stores;

/// <summary>One data category of a store: a table, how it knows people, and what becomes of its rows.</summary>
/// <param name="Name">The category as the data map names it.</param>
/// <param name="Table">The table, without its schema.</param>
/// <param name="Columns">SQL: its columns, besides those of <see cref="StoreTables.Common"/>.</param>
internal sealed record StoreCategory(string Name, string Table, string Columns)
{
    /// <summary>Names of the columns, in their order.</summary>
    public IReadOnlyList<string> ColumnNames { get; } = SqlColumns.Names(Columns);

    /// <summary>How a person is found here; nothing where only another table of the store knows.</summary>
    public IReadOnlyList<KnownBy> FoundBy { get; init; } = [];

    /// <summary>What the rows tell other systems to know the person by.</summary>
    public IReadOnlyList<Gift> Gives { get; init; } = [];

    /// <summary>Columns that the system has for itself: not handed over, not shown.</summary>
    public IReadOnlyList<string> Internal { get; init; } = [];

    /// <summary>Rows that hold data of the persons in <c>@refs</c>, whoever they belong to.</summary>
    public string Concerns { get; init; } = "ref = any(@refs)";

    /// <summary>Whether the person provided it or it was observed of them (Art. 20).</summary>
    public bool Provided { get; init; } = true;

    /// <summary>Fields that can be rectified, and their columns.</summary>
    public IReadOnlyDictionary<string, string> Rectifiable { get; init; } = new Dictionary<string, string>();

    /// <summary>SQL: the rows that a correction is about when none holds the value it says is there now.</summary>
    public string RectifiedByDefault { get; init; } = "true";

    /// <summary>Why rows outlive an erasure, if they do.</summary>
    public RowRetention? Retention { get; init; }

    /// <summary>SQL assignments by which an erasure leaves the rows to nobody; null where it deletes them.</summary>
    public string? Anonymised { get; init; }

    /// <summary>SQL: last day of a row that goes by itself, erasure or not; what is preserved stays.</summary>
    public string? LastDay { get; init; }

    /// <summary>Columns with addresses that are never written to again once the person objects or is erased.</summary>
    public string? Suppressed { get; init; }

    /// <summary>Columns that are looked up besides those that find a person.</summary>
    public IReadOnlyList<string> Indexed { get; init; } = [];

    /// <summary>What the company does with the rows: a view that restriction and objection take the person out of.</summary>
    public BusinessUse? Use { get; init; }

    /// <summary>Whether a row is a file, handed over as it is.</summary>
    public FileRows? Files { get; init; }

    /// <summary>The rows of one person, in the order of the columns.</summary>
    public Func<SyntheticPerson, Cast, IEnumerable<object?[]>>? Rows { get; init; }

    /// <summary>SQL: the rows of the one person who has many, as a select list over <c>generate_series(1, @many) n</c>.</summary>
    public string? ManyRows { get; init; }

    /// <summary>SQL: what is handed to the person, under names as JSON has them.</summary>
    public string Fields => string.Join(", ", ColumnNames.Except(Internal).Select(name => $"{name} as \"{SqlColumns.Camel(name)}\"")
        .Concat(Suppressed is null ? [] : ["stopped"]).Concat(Rectifiable.Count == 0 ? [] : ["statement"]));
}

/// <summary>An identifier kind and the rows it finds.</summary>
/// <param name="Kind">As the data map names it.</param>
/// <param name="Where">SQL over the values, an array parameter named as the kind.</param>
/// <param name="Indexed">SQL: what is indexed for it.</param>
internal sealed record KnownBy(string Kind, string Where, string Indexed)
{
    /// <summary>Column: whose ref it is.</summary>
    public string Ref { get; init; } = "ref";

    public static KnownBy Email(string column = "email") => new("email", $"lower({column}) = any(@email)", $"lower({column})");

    public static KnownBy The(string kind, string column) => new(kind, $"{column} = any(@{Parameter(kind)})", column);

    public static string Parameter(string kind) => kind.Replace('-', '_');
}

/// <summary>An identifier that a row gives.</summary>
/// <param name="Kind">As the data map names it.</param>
/// <param name="Column">Where it stands; null values are not given.</param>
/// <param name="Verified">SQL: whether the system made sure that it is the person's.</param>
internal sealed record Gift(string Kind, string Column, string Verified = "true");

/// <summary>The view that the company works with.</summary>
internal sealed record BusinessUse(string View, string Columns, bool StopsOnObjection = false);

/// <summary>The reason and the end of what is kept.</summary>
/// <param name="Until">SQL: last day on which a row is kept.</param>
/// <param name="Reason">For the letter.</param>
/// <param name="LegalBasis">The law behind it.</param>
internal sealed record RowRetention(string Until, string Reason, string LegalBasis)
{
    /// <summary>SQL assignments that leave a kept row with no more than its reason needs.</summary>
    public string? CutDown { get; init; }
}

/// <summary>Rows that are files.</summary>
/// <param name="Ending">Column: the ending of the name under which it is handed over, such as <c>wav</c>.</param>
/// <param name="ContentType">Column: what it is.</param>
/// <param name="Content">Column: the bytes.</param>
/// <param name="Times">Column: how often the bytes follow upon each other; sound of hundreds of megabytes takes little room so.</param>
internal sealed record FileRows(string Ending, string ContentType, string Content, string Times);
