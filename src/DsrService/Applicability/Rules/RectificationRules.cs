using DsrService.DataMap;

namespace DsrService.Applicability.Rules;

/// <summary>Art. 16: inaccurate data is corrected and incomplete data completed, on any basis; where the person is not
/// the authority on the fact, somebody compares it with the records first.</summary>
internal static class RectificationRules
{
    public static RowDecision Decide(CorrectableField field, CaseFacts facts)
    {
        var granted = new RowDecision
        {
            Decision = Decision.Grant,
            Article = "16",
            Reason = ReasonCode.Rectify,
            Because = "The person is the authority on this fact.",
        };
        return field.Proof == RectificationProof.PersonsWord ? granted : Weighing.Ask(facts,
            new($"{ReasonCode.RectifyReview}:{field.Field}", "16", $"Is what the person says of '{field.Label}' shown, or do our own records agree?"),
            ReasonCode.RectifyReview,
            granted with { Because = "A person compared it with the records." },
            granted with
            {
                Decision = Decision.Deny,
                Reason = ReasonCode.NotInaccurate,
                Because = "A person compared it with the records and found them accurate.",
            });
    }
}
