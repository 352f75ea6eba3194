using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>The parts that answers share.</summary>
internal static class AnswerSections
{
    public static LetterWriter Opening(this LetterWriter writer, LetterContext context, string result) => writer.Greeting().Paragraph(
        $"On {LetterWriter.Day(context.ReceivedOn)} {Wish(context.Right)}. {result}");

    /// <summary>The categories with one of the outcomes, those with the same reason in one line; nothing where there is none.</summary>
    public static LetterWriter Fates(this LetterWriter writer, AnswerFacts facts, string heading, string? intro, params AnswerOutcome[] outcomes)
    {
        var items = facts.Items.Where(item => outcomes.Contains(item.Outcome)).ToList();
        if (items.Count == 0)
            return writer;
        writer.Heading(heading);
        if (intro is not null)
            writer.Paragraph(intro);
        return writer.Items(items.GroupBy(item => item with { Category = "" }).SelectMany(alike =>
            Details(alike.Key) is { Length: > 0 } details
                ? [$"{string.Join(", ", alike.Select(item => item.Category))}: {details}"]
                : alike.Select(item => item.Category)));
    }

    /// <summary>Art. 12(4): for everything withheld the reason, the law and the end.</summary>
    public static LetterWriter Withheld(this LetterWriter writer, AnswerFacts facts) => writer
        .Fates(facts, "What we keep, why, and until when",
            "We use what we keep for nothing but the reason given, and erase it by ourselves when that reason ends.", AnswerOutcome.Retained)
        .Fates(facts, "What we did not do, and why", null, AnswerOutcome.Refused, AnswerOutcome.SetAside);

    public static LetterWriter NothingFound(this LetterWriter writer, AnswerFacts facts)
    {
        if (facts.NothingFoundAt.Count == 0)
            return writer;
        var by = facts.LookedForBy.Count == 0 ? "" : $" We looked by: {string.Join(", ", facts.LookedForBy)}.";
        return writer.Heading("Where we found nothing about you").Items(facts.NothingFoundAt).Paragraph(
            $"If you think that we hold more, tell us by what else you could be found there.{by}");
    }

    /// <summary>Art. 19: the person is told who was told, without having to ask.</summary>
    public static LetterWriter Recipients(this LetterWriter writer, AnswerFacts facts, string change)
    {
        if (facts.Recipients.Count == 0)
            return writer;
        return writer.Heading("Who was told").Paragraph($"We told those to whom we had disclosed the data of its {change} (Article 19 GDPR):")
            .Items(facts.Recipients.Select(recipient => recipient.Told is { } told
                ? $"{recipient.Name}, on {LetterWriter.Day(DateOnly.FromDateTime(told.DateTime))}"
                : $"{recipient.Name}: could not be told yet"));
    }

    public static LetterWriter Remark(this LetterWriter writer, AnswerFacts facts) =>
        string.IsNullOrWhiteSpace(facts.Remark) ? writer : writer.Paragraph(facts.Remark);

    private static string Wish(Right right) => right == Right.Objection
        ? "you objected to the processing of your data (Article 21 GDPR)"
        : $"you asked us for {LetterWriter.RightAsUnderstood(right)}";

    private static string Details(AnswerItem item)
    {
        var parts = new List<string>();
        if (item.Outcome == AnswerOutcome.SetAside)
            parts.Add("This could not be done.");
        if (item.Reason is { } reason)
            parts.Add(Sentence(reason));
        if (item.LegalBasis is { } basis)
            parts.Add($"Law: {Sentence(basis)}");
        if (item.Until is { } until)
            parts.Add($"Kept until {LetterWriter.Day(until)} at the latest.");
        else if (item.Outcome == AnswerOutcome.Retained)
            parts.Add("Kept until that reason ends.");
        return string.Join(' ', parts);
    }

    private static string Sentence(string text) => text.TrimEnd() is var trimmed && trimmed.EndsWith('.') ? trimmed : $"{trimmed}.";
}
