using System.Net;
using System.Text;
using DsrService.Notices.Letters;

namespace DsrService.Notices.Templates;

/// <summary>A filled template as plain text and as HTML, both saying the same. Lines: <c># heading</c>, <c>- item</c>,
/// <c>&lt;link&gt;</c>, <c>---</c> before the foot, an empty line between paragraphs; anything else is a paragraph.</summary>
internal sealed class LetterLayout
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder html = new();
    private readonly List<string> paragraph = [];
    private bool inList;

    public static Letter Lay(string subject, string body, string language)
    {
        var layout = new LetterLayout();
        var foot = body.IndexOf("\n---\n", StringComparison.Ordinal);
        foreach (var line in (foot < 0 ? body : body[..foot]).Split('\n'))
            layout.Add(line.Trim());
        layout.Flush();
        if (foot >= 0)
            layout.AddFoot([.. body[(foot + 5)..].Split('\n').Select(Plain).Where(line => line.Length > 0)]);
        var title = OneLine(subject);
        return new Letter(title, layout.text.ToString(),
            $"<!DOCTYPE html>\n<html lang=\"{Encode(language)}\"><head><meta charset=\"utf-8\"><title>{Encode(title)}</title></head>\n<body>\n{layout.html}</body></html>\n");
    }

    private void Add(string line)
    {
        if (line.StartsWith("- ", StringComparison.Ordinal))
        {
            EndParagraph();
            AddItem(Plain(line[2..]));
        }
        else if (line.Length == 0)
            EndParagraph();
        else
        {
            EndList();
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                EndParagraph();
                Write("h2", Plain(line[2..]));
            }
            else if (line is ['<', .., '>'])
            {
                EndParagraph();
                AddLink(Plain(line[1..^1]));
            }
            else
                paragraph.Add(line);
        }
    }

    private void AddItem(string item)
    {
        if (!inList)
            html.Append("<ul>\n");
        inList = true;
        text.Append("- ").Append(item.Replace("\n", "\n  ", StringComparison.Ordinal)).Append('\n');
        html.Append("<li>").Append(Lines(item)).Append("</li>\n");
    }

    private void AddLink(string address)
    {
        text.Append(address).Append("\n\n");
        var shown = Encode(address);
        html.Append(Uri.TryCreate(address, UriKind.Absolute, out var link) && link.Scheme is "https" or "http"
            ? $"<p><a href=\"{shown}\">{shown}</a></p>\n" : $"<p>{shown}</p>\n");
    }

    private void AddFoot(IReadOnlyList<string> lines)
    {
        text.Append("-- \n").AppendJoin('\n', lines).Append('\n');
        html.Append("<hr>\n<p><small>").AppendJoin("<br>\n", lines.Select(Lines)).Append("</small></p>\n");
    }

    private void Write(string element, string words)
    {
        if (words.Length == 0)
            return;
        text.Append(words).Append("\n\n");
        html.Append('<').Append(element).Append('>').Append(Lines(words)).Append("</").Append(element).Append(">\n");
    }

    private void EndParagraph()
    {
        if (paragraph.Count > 0)
            Write("p", Plain(string.Join(' ', paragraph)));
        paragraph.Clear();
    }

    private void EndList()
    {
        if (inList)
        {
            text.Append('\n');
            html.Append("</ul>\n");
        }
        inList = false;
    }

    private void Flush()
    {
        EndParagraph();
        EndList();
    }

    private static string Plain(string marked) =>
        marked.Replace(MarkedText.Start.ToString(), "", StringComparison.Ordinal).Replace(MarkedText.Break, '\n').Trim();

    // A line break in a subject would begin another header.
    private static string OneLine(string marked) => string.Concat(Plain(marked).Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static string Lines(string words) => Encode(words).Replace("\n", "<br>\n", StringComparison.Ordinal);

    private static string Encode(string words) => WebUtility.HtmlEncode(words);
}
