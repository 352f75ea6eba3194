namespace DsrService.Demo.Stores;

/// <summary>One data category of a store: a table whose rows carry the holder's <c>ref</c> and the flags of
/// <see cref="StoreTables.Common"/>.</summary>
/// <param name="Name">The category as the data map names it.</param>
/// <param name="Table">The table, without its schema.</param>
/// <param name="Fields">What is handed to the person: a select list.</param>
internal sealed record StoreCategory(string Name, string Table, string Fields)
{
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
}

/// <summary>The reason and the end of what is kept.</summary>
/// <param name="Until">SQL: last day on which a row is kept.</param>
/// <param name="Reason">For the letter.</param>
/// <param name="LegalBasis">The law behind it.</param>
internal sealed record RowRetention(string Until, string Reason, string LegalBasis)
{
    /// <summary>SQL assignments that leave a kept row with no more than its reason needs.</summary>
    public string? CutDown { get; init; }
}
