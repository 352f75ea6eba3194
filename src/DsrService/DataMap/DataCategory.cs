namespace DsrService.DataMap;

/// <summary>A kind of personal data (Art. 15(1)(b), 30(1)(c)).</summary>
internal sealed record DataCategory
{
    public required string Key { get; init; }
    public required LocalText Label { get; init; }
    public LocalText? Description { get; init; }

    /// <summary>Art. 9(1)</summary>
    public bool SpecialCategory { get; init; }
}
