using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>Art. 18: what is restricted, since when and on what ground, what may still happen, and that the person hears
/// before it is lifted.</summary>
internal static class RestrictionLetter
{
    public static Letter Write(LetterContext context, AnswerFacts facts)
    {
        var writer = new LetterWriter(context).Opening(context, (facts.AnythingDone, facts.AnythingWithheld) switch
        {
            (true, _) => $"We have restricted the processing of your data since {LetterWriter.Day(facts.DoneOn)}.",
            (false, true) => "We have not restricted the processing of your data; the reasons are below.",
            _ => "We hold no personal data about you that could be restricted.",
        }).Remark(facts);
        if (facts.AnythingDone)
        {
            if (facts.RestrictionCase is { } ground)
                writer.Heading("Why").Paragraph(ReasonTexts.For(ground));
            writer.Fates(facts, "What is restricted", null, AnswerOutcome.Restricted)
                .Heading("What this means").Paragraph(
                    "We store this data and do nothing else with it, unless you consent, or it is needed for legal claims, to protect the rights of another person, " +
                    "or for important reasons of public interest (Article 18(2) GDPR). It is not erased either while the restriction lasts. " +
                    "We will tell you before we lift the restriction (Article 18(3) GDPR).");
        }
        return writer.Withheld(facts).Recipients(facts, "restriction").NothingFound(facts).Remedies()
            .Finish(facts.AnythingDone ? "Your data is restricted" : "Your request for restriction");
    }
}
