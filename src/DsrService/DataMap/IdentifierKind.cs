using System.Text;
using System.Text.RegularExpressions;

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

    /// <summary>The form in which two spellings of one value are the same: what is hashed and compared.</summary>
    public string Normalise(string value) => Format switch
    {
        IdentifierFormat.Email => NormaliseAddress(value),
        IdentifierFormat.Code => string.Concat(value.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant(),
        _ => value.Trim(),
    };

    public static string NormaliseAddress(string address) => address.Trim().Normalize(NormalizationForm.FormKC).ToLowerInvariant();

    /// <summary>Whether a value can be one of this kind at all.</summary>
    public bool Accepts(string value)
    {
        var trimmed = value.Trim();
        return trimmed.Length is > 0 and <= 254 && !trimmed.Any(Unwanted) &&
            (Format != IdentifierFormat.Email || IsAddress(trimmed)) &&
            (Format != IdentifierFormat.Code || trimmed.Any(char.IsAsciiLetterOrDigit)) &&
            (Pattern is null || Regex.IsMatch(trimmed, $@"\A(?:{Pattern})\z", Options));
    }

    public bool HasValidPattern()
    {
        try
        {
            return Pattern is null || new Regex($@"\A(?:{Pattern})\z", Options) is not null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>One part before the at sign and a domain with a dot after it; more only the mail itself can show.</summary>
    public static bool IsAddress(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= 64 && text.IndexOf('@') == at && !text.Any(c => char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or '"') &&
            text[(at + 1)..].Split('.') is { Length: >= 2 } labels && labels.All(label => label.Length > 0);
    }

    // Linear in time whatever the pattern; a pattern that needs more is refused on loading.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static bool Unwanted(char c) =>
        char.IsControl(c) || c is (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e') or (>= '\u2060' and <= '\u206f') or '\ufeff';
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
