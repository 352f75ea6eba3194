using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>Art. 16: what was corrected or completed, where a former value stays and why.</summary>
internal static class RectificationLetter
{
    public static Letter Write(LetterContext context, AnswerFacts facts)
    {
        var writer = new LetterWriter(context).Opening(context, (facts.AnythingDone, facts.AnythingWithheld) switch
        {
            (true, false) => $"We have corrected your data, the last of it on {LetterWriter.Day(facts.DoneOn)}.",
            (true, true) => $"We have corrected your data in part, the last of it on {LetterWriter.Day(facts.DoneOn)}. What we did not change is named below with its reason.",
            (false, true) => "We have not changed your data; the reasons are below.",
            _ => "We hold none of the data that you asked us to correct.",
        }).Remark(facts);
        if (facts.AnythingDone && facts.CorrectedFields.Count > 0)
            writer.Heading("What was corrected or completed").Items(facts.CorrectedFields);
        writer.Fates(facts, "Where it was corrected", null, AnswerOutcome.Rectified).Withheld(facts);
        if (facts.AnythingDone && facts.HistoricRecords.Count > 0)
            writer.Heading("Where the former value stays")
                .Paragraph("Records that show what was true at their time are not rewritten:").Items(facts.HistoricRecords);
        return writer.Recipients(facts, "rectification").NothingFound(facts).Remedies()
            .Finish(facts.AnythingDone ? "Your data was corrected" : "Your request for rectification");
    }
}
