using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>Art. 15: the confirmation, the copy, and the information of paragraphs 1 and 2; or that there is no data.</summary>
internal static class AccessLetter
{
    public static Letter Write(LetterContext context, AnswerFacts facts)
    {
        var writer = new LetterWriter(context);
        if (!facts.AnythingDone && !facts.AnythingWithheld)
            return writer
                .Opening(context, "We process no personal data about you, but for what you sent us with this request and what we need to answer it.")
                .Remark(facts).NothingFound(facts).Remedies().Finish("Your data: we hold none");
        writer.Opening(context, "Yes, we process personal data about you. Here is what you have a right to know, free of charge.").Remark(facts);
        if (facts.AnythingDone)
            writer.Heading("Your copy").Paragraph(
                "You can download a copy of your data from the page of your request. Its first file, index.html, can be read in any browser; it explains every " +
                "category and field. The same data lies beside it as JSON. The page asks for nothing but the link you were given: keep it to yourself.");
        writer.Fates(facts, "What the copy holds", null, AnswerOutcome.Handed).Withheld(facts);
        foreach (var purpose in facts.Purposes)
            writer.Heading(purpose.Purpose).Items(
            [
                $"Categories: {string.Join(", ", purpose.Categories)}",
                $"Legal basis: {purpose.LegalBasis}",
                $"How long it is kept: {purpose.Storage}",
                $"Where it comes from: {purpose.Source}",
            ]);
        writer.Heading("To whom it is disclosed").Items(facts.DisclosedTo.Count > 0 ? facts.DisclosedTo : ["To nobody outside our company"]);
        writer.Heading("Automated decisions").Items(facts.AutomatedDecisions.Count > 0
            ? facts.AutomatedDecisions
            : ["We make no decisions about you by automated means alone, and no profile of you that would have such effects (Article 22 GDPR)."]);
        return writer.NothingFound(facts)
            .Heading("Your further rights").Paragraph(
                "You may ask us to rectify or erase this data or to restrict its processing, and you may object to processing that rests on our legitimate interests; " +
                "to direct marketing you may object at any time. Data that you gave us on your consent or for a contract you may also take with you.")
            .Remedies().Finish("Your data");
    }
}
