namespace DsrService.Requests;

/// <summary>Words that staff type: needed or not, of bounded length, without control characters.</summary>
internal static class StaffText
{
    public const int Longest = 4000;

    public static Result<string> Required(string field, string? text) =>
        string.IsNullOrWhiteSpace(text) ? Wrong(field, "Say it in words.") : Optional(field, text);

    public static Result<string> Optional(string field, string? text)
    {
        var trimmed = (text ?? "").ReplaceLineEndings("\n").Trim();
        if (trimmed.Length > Longest)
            return Wrong(field, $"At most {Longest} characters.");
        return trimmed.Any(IsHidden) ? Wrong(field, "Holds characters that cannot be seen.") : trimmed;
    }

    // Control characters and those that turn the direction of the text around.
    private static bool IsHidden(char character) =>
        (char.IsControl(character) && character is not ('\n' or '\t')) || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static Failure Wrong(string field, string reason) => Failure.Invalid(new Dictionary<string, string[]> { [field] = [reason] });
}
