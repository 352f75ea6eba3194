namespace DsrService.DataMap;

/// <summary>Somebody to whom data is disclosed, by name (Art. 4(9), 15(1)(c)).</summary>
internal sealed record Recipient
{
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required RecipientRole Role { get; init; }

    /// <summary>ISO 3166 code.</summary>
    public required string Country { get; init; }

    /// <summary>The mechanism of Art. 46 or decision of Art. 45; required where the country is outside the EEA (Art. 15(2)).</summary>
    public LocalText? Safeguard { get; init; }

    /// <summary>E-mail address for notices; required where no connected system reaches the recipient.</summary>
    public string? Contact { get; init; }

    public bool InThirdCountry => !Countries.InEea(Country);
}

internal enum RecipientRole
{
    Processor,
    Controller,
    JointController,
    Authority,
}

internal static class Countries
{
    private static readonly HashSet<string> Eea =
    [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU",
        "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    ];

    public static bool InEea(string country) => Eea.Contains(country);

    public static bool IsCode(string country) => country is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'];
}
