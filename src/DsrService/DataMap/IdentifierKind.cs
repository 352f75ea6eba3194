namespace DsrService.DataMap;

/// <summary>Something people are known by, such as an e-mail address or a customer number.</summary>
internal sealed record IdentifierKind
{
    public const string Email = "email";

    public required string Key { get; init; }
    public required LocalText Label { get; init; }

    /// <summary>Regular expression for the whole value; null where <see cref="Format"/> says enough.</summary>
    public string? Pattern { get; init; }
    public IdentifierFormat Format { get; init; }

    /// <summary>Whether the web form asks for it.</summary>
    public bool AskedInForm { get; init; }

    /// <summary>An example for the form.</summary>
    public string? Example { get; init; }
}

internal enum IdentifierFormat
{
    /// <summary>Letters matter as written.</summary>
    Text,
    /// <summary>An e-mail address; upper and lower case are the same.</summary>
    Email,
    /// <summary>Upper and lower case are the same, spaces and hyphens do not count.</summary>
    Code,
}
