using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>Art. 21: what was stopped; where an objection did not succeed, the grounds that override it.</summary>
internal static class ObjectionLetter
{
    public static Letter Write(LetterContext context, AnswerFacts facts)
    {
        var writer = new LetterWriter(context).Opening(context, (facts.AnythingDone, facts.AnythingWithheld) switch
        {
            (true, false) => $"We have stopped what you objected to, on {LetterWriter.Day(facts.DoneOn)}.",
            (true, true) => $"We have stopped what is named below, on {LetterWriter.Day(facts.DoneOn)}; what goes on is named with its reason.",
            (false, true) => "We have not stopped the processing you objected to; the reasons are below.",
            _ => "We found nothing about you in what you objected to. It will not start either.",
        }).Remark(facts);
        if (facts.StoppedPurposes.Count > 0)
            writer.Heading("What has stopped").Items(facts.StoppedPurposes);
        writer.Fates(facts, "The data it concerned", null, AnswerOutcome.Stopped).Withheld(facts);
        if (facts.MarketingSuppressed)
            writer.Heading("Direct marketing").Paragraph(
                "Your address is on our suppression list, so that no list we are given later starts it again. A message that had left us before may still arrive. " +
                "Messages about your purchases and your account are no marketing; they go on.");
        return writer.NothingFound(facts)
            .Paragraph("If you also want the data erased, send us a request for erasure (Article 17(1)(c) GDPR).")
            .Remedies().Finish(facts.AnythingDone || !facts.AnythingWithheld ? "We have stopped what you objected to" : "Your objection");
    }
}
