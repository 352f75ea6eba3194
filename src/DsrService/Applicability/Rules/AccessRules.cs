using DsrService.DataMap;

namespace DsrService.Applicability.Rules;

/// <summary>Art. 15: everything, on any basis; other people's data is redacted, never a reason to refuse the whole.</summary>
internal static class AccessRules
{
    public static RowDecision Decide(ProcessingActivity activity, CaseFacts facts)
    {
        var granted = new RowDecision
        {
            Decision = Decision.Grant,
            Article = "15(1)",
            Reason = ReasonCode.Access,
            Because = "Access reaches all data on any legal basis.",
        };
        var others = activity.OthersData switch
        {
            OthersData.None => granted,
            OthersData.RedactedBySystem => granted with
            {
                Decision = Decision.Partial,
                Article = "15(4)",
                Reason = ReasonCode.AccessRedacted,
                Because = "Other people's data lies within; the system redacts it before it hands data over.",
            },
            _ => Weighing.Ask(facts,
                new($"{ReasonCode.AccessWeigh}:{activity.Key}", "15(4)",
                    $"'{activity.Purpose}' holds other people's data. Can it be handed over without harm to their rights and freedoms?"),
                ReasonCode.AccessWeigh,
                granted,
                granted with
                {
                    Decision = Decision.Deny,
                    Article = "15(4)",
                    Reason = ReasonCode.OthersRights,
                    Because = "A person decided that other people's rights and freedoms stand against it.",
                }),
        };
        return activity.RestrictedBy is not { } law ? others : Weighing.Ask(facts,
            new($"{ReasonCode.RestrictedWeigh}:{activity.Key}", "23(1)",
                $"{law} may restrict access to '{activity.Purpose}'. Can it be handed over, because the law does not stand against it in this case?"),
            ReasonCode.RestrictedWeigh,
            others,
            granted with
            {
                Decision = Decision.Deny,
                Article = "23(1)",
                Reason = ReasonCode.Restricted,
                Because = $"A person found that {law} restricts access in this case.",
                LegalBasis = law,
            });
    }
}
