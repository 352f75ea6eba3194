namespace DsrService.Requests;

/// <summary>Words that staff type: needed or not, of bounded length, without control characters.</summary>
internal static class StaffText
{
    public const int Longest = 4000;

    public static Result<string> Required(string field, string? text, string ask) =>
        string.IsNullOrWhiteSpace(text) ? Wrong(field, ask) : Optional(field, text);

    public static Result<string> Optional(string field, string? text)
    {
        var trimmed = (text ?? "").ReplaceLineEndings("\n").Trim();
        return PlainText.Refusal(trimmed, Longest, lines: true) is { } refusal ? Wrong(field, refusal) : trimmed;
    }

    private static Failure Wrong(string field, string reason) => Failure.Invalid(new Dictionary<string, string[]> { [field] = [reason] });
}
