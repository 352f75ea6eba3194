using System.Globalization;
using System.Text;

namespace DsrService.Requests;

/// <summary>Which characters people may send us. Control characters and those that turn the direction of writing can
/// make a text read as what it is not, in a mail's header or on an agent's screen.</summary>
internal static class PlainText
{
    /// <summary>Why the text is refused; null if it is fine.</summary>
    public static string? Refusal(string text, int limit, bool lines = false)
    {
        if (text.Length > limit)
            return string.Create(CultureInfo.InvariantCulture, $"May be {limit} characters long at most.");
        foreach (var rune in text.EnumerateRunes())
        {
            if (lines && rune.Value is '\n' or '\r' or '\t')
                continue;
            if (!lines && rune.Value is '\n' or '\r' or 0x85 or 0x2028 or 0x2029)
                return "Must stay on one line.";
            if (IsUnwanted(rune))
                return "Holds a character that cannot be seen or that changes the direction of writing.";
        }
        return null;
    }

    /// <summary>Without space around it; null if nothing is left.</summary>
    public static string? Clean(string? text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    // Joiners (U+200C, U+200D) belong to the writing of several languages and stay.
    private static bool IsUnwanted(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned ||
        rune == Rune.ReplacementChar ||
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D or 0xAD);
}
