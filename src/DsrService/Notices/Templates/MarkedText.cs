using System.Text;
using HandlebarsDotNet;

namespace DsrService.Notices.Templates;

/// <summary>Marks what comes from outside the template, so that it never counts as structure: a value that begins with a hash
/// is no heading, and one with line breaks begins no new paragraph. The marks go when the letter is laid out.</summary>
internal sealed class MarkedText : ITextEncoder
{
    public const char Start = '\uE000';
    public const char Break = '\uE001';

    public static bool IsMark(char letter) => letter is Start or Break;

    public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

    public void Encode(string? text, TextWriter target) => target.Write(Mark(text ?? ""));

    public void Encode<T>(T? text, TextWriter target) where T : IEnumerator<char>
    {
        var value = new StringBuilder();
        while (text is not null && text.MoveNext())
            value.Append(text.Current);
        target.Write(Mark(value.ToString()));
    }

    private static string Mark(string value) =>
        Start + string.Concat(value.Where(letter => !IsMark(letter))).ReplaceLineEndings("\n").Trim().Replace('\n', Break);
}
