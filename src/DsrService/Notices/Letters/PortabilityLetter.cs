using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>Art. 20: what can be taken along, in which form, and what cannot.</summary>
internal static class PortabilityLetter
{
    public static Letter Write(LetterContext context, AnswerFacts facts)
    {
        var writer = new LetterWriter(context);
        if (facts.AnythingDone)
            writer.Opening(context, "Your data is ready for you to take with you, free of charge.").Remark(facts)
                .Heading("Your data").Paragraph(
                    "You can download it from the page of your request. Each category is there as JSON and as CSV, two forms that programs of all makers read; " +
                    "description.json says what each field means. Whoever holds the file can read it: give it only to those you trust with it.")
                .Fates(facts, "What it holds", null, AnswerOutcome.Handed);
        else
            writer.Opening(context, facts.AnythingWithheld
                ? "We found nothing that you can take with you under this right."
                : "We hold no data about you that you gave us on your consent or for a contract, so there is nothing to hand over.").Remark(facts);
        return writer.Withheld(facts).NothingFound(facts)
            .Paragraph("Data that we derived ourselves is not part of it; you can have it by a request for access (Article 15 GDPR). Taking your data with you changes nothing in it and ends no contract.")
            .Remedies().Finish("Your data to take with you");
    }
}
