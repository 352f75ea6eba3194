using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>Art. 17: what was erased, what stays with its reason, law and end, and what becomes of backups.</summary>
internal static class ErasureLetter
{
    public static Letter Write(LetterContext context, AnswerFacts facts)
    {
        var writer = new LetterWriter(context).Opening(context, (facts.AnythingDone, facts.AnythingWithheld) switch
        {
            (true, false) => $"We have erased your data. The last of it was erased on {LetterWriter.Day(facts.DoneOn)}.",
            (true, true) => $"We have erased your data but for what is named below with its reason. The last of it was erased on {LetterWriter.Day(facts.DoneOn)}.",
            (false, true) => "We hold data about you that we may not or cannot erase; the reasons are below.",
            _ => "We hold no personal data about you, but for what you sent us with this request.",
        }).Remark(facts)
            .Fates(facts, "What was erased", null, AnswerOutcome.Erased)
            .Fates(facts, "What was made anonymous", "Nobody can be recognised in it any more, and that cannot be undone.", AnswerOutcome.Anonymised)
            .Withheld(facts);
        if (facts.Backups.Count > 0)
            writer.Heading("Backups").Paragraph(
                    "Backups may hold the data for a while longer. They are used for nothing but a restoration, and if one is restored we erase the data again. They are gone by:")
                .Items(facts.Backups.Select(backup => $"{backup.System}: {LetterWriter.Day(backup.GoneBy)}"));
        if (facts.MarketingSuppressed)
            writer.Paragraph(
                "So that you receive no more advertising from us, we keep a one-way fingerprint of your address on a suppression list. The address cannot be read from it.");
        return writer.Recipients(facts, "erasure").NothingFound(facts)
            .Paragraph("We keep a record that you asked and what we did, for as long as we may have to show it (Article 5(2) GDPR).")
            .Remedies().Finish(facts.AnythingDone ? "Your data was erased" : "Your request for erasure");
    }
}
