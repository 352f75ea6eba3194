using DsrService.DataMap;

namespace DsrService.Applicability.Rules;

/// <summary>Art. 16: inaccurate data is corrected and incomplete data completed, on any basis; where the person is not
/// the authority on the fact, somebody compares it with the records first. An opinion is never overwritten, and what the
/// person states is added to a record that stays as it is.</summary>
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
        var stated = granted with
        {
            Decision = Decision.Partial,
            Reason = ReasonCode.StatementAdded,
            Because = "An opinion or assessment is not overwritten: the person's statement is added to it.",
        };
        return field.Proof switch
        {
            RectificationProof.PersonsWord => granted,
            RectificationProof.Opinion => stated,
            _ => Weighing.Ask(facts,
                new($"{ReasonCode.RectifyReview}:{field.Field}", "16", $"Is what the person says of '{field.Label}' shown, or do our own records agree?"),
                ReasonCode.RectifyReview,
                granted with { Because = "A person compared it with the records." },
                facts.StatementFields.Contains(field.Field)
                    ? stated with { Because = "A person found the records accurate; what the person states is added to them." }
                    : granted with
                    {
                        Decision = Decision.Deny,
                        Reason = ReasonCode.NotInaccurate,
                        Because = "A person compared it with the records and found them accurate.",
                    }),
        };
    }
}
