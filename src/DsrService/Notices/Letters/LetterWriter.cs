using System.Globalization;
using System.Net;
using System.Text;
using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>Writes plain text and HTML side by side, so that both say the same. Everything given is text: markup in it
/// shows as it was typed.</summary>
internal sealed class LetterWriter(LetterContext context)
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder html = new();

    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>The right as it was understood, such as "erasure of your data (Article 17 GDPR)".</summary>
    public static string RightAsUnderstood(Right right) => right switch
    {
        Right.Access => "access to your data (Article 15 GDPR)",
        Right.Rectification => "rectification of your data (Article 16 GDPR)",
        Right.Erasure => "erasure of your data (Article 17 GDPR)",
        Right.Restriction => "restriction of the processing of your data (Article 18 GDPR)",
        Right.Portability => "your data in a portable form (Article 20 GDPR)",
        _ => "objection to the processing of your data (Article 21 GDPR)",
    };

    public LetterWriter Greeting() => Paragraph(string.IsNullOrWhiteSpace(context.RecipientName) ? "Hello," : $"Dear {context.RecipientName.Trim()},");

    public LetterWriter Heading(string heading)
    {
        text.Append(heading).Append("\n\n");
        html.Append("<h2>").Append(Encode(heading)).Append("</h2>\n");
        return this;
    }

    public LetterWriter Paragraph(string paragraph)
    {
        text.Append(Lines(paragraph)).Append("\n\n");
        html.Append("<p>").Append(Encode(Lines(paragraph)).Replace("\n", "<br>\n", StringComparison.Ordinal)).Append("</p>\n");
        return this;
    }

    public LetterWriter Items(IEnumerable<string> items)
    {
        html.Append("<ul>\n");
        foreach (var item in items)
        {
            text.Append("- ").Append(Lines(item).Replace("\n", "\n  ", StringComparison.Ordinal)).Append('\n');
            html.Append("<li>").Append(Encode(Lines(item))).Append("</li>\n");
        }
        text.Append('\n');
        html.Append("</ul>\n");
        return this;
    }

    public LetterWriter Link(Uri link)
    {
        text.Append(link.AbsoluteUri).Append("\n\n");
        html.Append("<p><a href=\"").Append(Encode(link.AbsoluteUri)).Append("\">").Append(Encode(link.AbsoluteUri)).Append("</a></p>\n");
        return this;
    }

    /// <summary>Art. 12(4): complaint and judicial remedy, by name.</summary>
    public LetterWriter Remedies() => Heading("If you do not agree").Paragraph(
        $"Write to us at {context.ControllerContact}; we will look at it again. You may also lodge a complaint with a supervisory authority, " +
        $"for example {context.AuthorityName} ({context.AuthorityWeb}) or the authority of the place where you live or work, " +
        "and you may seek a judicial remedy before a court. You need not complain to us first.");

    public Letter Finish(string subject)
    {
        Paragraph($"You can follow your request at {context.StatusPage}.");
        Paragraph(context.ControllerName);
        var foot = new List<string>
        {
            $"Request {context.Reference}, received on {Day(context.ReceivedOn)}: {RightAsUnderstood(context.Right)}",
            $"Contact: {context.ControllerContact}",
        };
        if (context.DataProtectionOfficer is { } officer)
            foot.Add($"Data protection officer: {officer}");
        text.Append("-- \n").AppendJoin('\n', foot).Append('\n');
        html.Append("<hr>\n<p><small>").AppendJoin("<br>\n", foot.Select(Encode)).Append("</small></p>\n");
        return new Letter($"{subject} ({context.Reference})", text.ToString(),
            $"<!DOCTYPE html>\n<html lang=\"{Encode(context.Language)}\"><head><meta charset=\"utf-8\"><title>{Encode(subject)}</title></head>\n<body>\n{html}</body></html>\n");
    }

    private static string Lines(string value) => value.ReplaceLineEndings("\n").Trim();

    private static string Encode(string value) => WebUtility.HtmlEncode(value);
}
