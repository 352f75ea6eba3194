using System.Text.Json;

namespace DsrService.Response.Package;

/// <summary>Rows of CSV after RFC 4180. Text that a spreadsheet would run as a formula is preceded by an apostrophe, and so is
/// text that begins with one: taking the first apostrophe away gives every value back. The JSON beside it holds them as they are.</summary>
internal static class CsvRows
{
    public const string Rule =
        "Text that begins with = + - @ a tab, a line break or an apostrophe is preceded by an apostrophe, so that no spreadsheet runs it as a formula; take the first apostrophe away to get the value. The JSON holds every value as it is.";

    public static async Task WriteAsync(TextWriter writer, IEnumerable<(JsonValueKind Kind, string Text)> cells)
    {
        var first = true;
        foreach (var (kind, text) in cells)
        {
            if (!first)
                await writer.WriteAsync(',');
            first = false;
            await writer.WriteAsync(Quote(kind == JsonValueKind.Number ? text : Neutralise(text)));
        }
        await writer.WriteAsync("\r\n");
    }

    public static string Neutralise(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\'' or '＝' or '＋' or '－' or '＠' ? $"'{text}" : text;

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
