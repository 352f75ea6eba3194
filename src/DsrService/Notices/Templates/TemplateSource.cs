namespace DsrService.Notices.Templates;

/// <summary>One file: a first line <c>Subject: …</c>, an empty line, the body. A part, whose name begins with an
/// underscore, has no subject.</summary>
internal sealed record TemplateSource(string File, string? Subject, string Body, int BodyLine)
{
    private const string SubjectMark = "Subject:";

    public static bool IsPart(string file) => file[(file.LastIndexOf('/') + 1)..].StartsWith('_');

    public static TemplateSource? Read(string file, string text, List<TextError> errors)
    {
        var lines = text.ReplaceLineEndings("\n");
        if (lines.FirstOrDefault(letter => char.IsControl(letter) && letter is not ('\n' or '\t') || MarkedText.IsMark(letter)) is not '\0' and var odd)
        {
            errors.Add(new(file, 1 + lines[..lines.IndexOf(odd)].Count(letter => letter == '\n'), "control characters are not allowed."));
            return null;
        }
        if (IsPart(file))
            return new(file, null, lines, 1);
        var end = lines.IndexOf('\n');
        var first = end < 0 ? lines : lines[..end];
        if (!first.StartsWith(SubjectMark, StringComparison.Ordinal) || first[SubjectMark.Length..].Trim().Length == 0)
        {
            errors.Add(new(file, 1, $"the first line must be '{SubjectMark}' and the subject of the message."));
            return null;
        }
        return new(file, first[SubjectMark.Length..].Trim(), end < 0 ? "" : lines[(end + 1)..], 2);
    }
}
