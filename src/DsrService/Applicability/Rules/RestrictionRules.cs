using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Applicability.Rules;

/// <summary>Art. 18(1): four cases, on any basis but for the pending objection.</summary>
internal static class RestrictionRules
{
    public static RowDecision Decide(ProcessingActivity activity, CaseFacts facts) => facts.RestrictionGround switch
    {
        RestrictionGround.AccuracyContested =>
            Restrict("18(1)(a)", ReasonCode.AccuracyContested, "The person contests the accuracy; restricted while it is verified."),
        RestrictionGround.Unlawful =>
            Restrict("18(1)(b)", ReasonCode.RestrictInsteadOfErase, "The person wants restriction in place of erasure."),
        RestrictionGround.NeededForClaims =>
            Restrict("18(1)(c)", ReasonCode.NeededForClaims, "The person needs the data for legal claims."),
        RestrictionGround.ObjectionPending when ObjectionRules.CanBeObjectedTo(activity) =>
            Restrict("18(1)(d)", ReasonCode.ObjectionPending, "An objection is pending; restricted until it is decided."),
        RestrictionGround.ObjectionPending => new()
        {
            Decision = Decision.Deny,
            Article = "18(1)(d)",
            Reason = ReasonCode.NoRestrictionCase,
            Because = $"The basis is {Words.Of(activity.LegalBasis)}, to which nobody can object under Art. 21(1).",
        },
        _ => Weighing.Ask(facts,
            new(ReasonCode.RestrictionCaseUnclear, "18(1)", "The person names no case of Art. 18(1). Does one of them apply?"),
            ReasonCode.RestrictionCaseUnclear,
            Restrict("18(1)", ReasonCode.RestrictionFound, "A person found a case of Art. 18(1)."),
            new()
            {
                Decision = Decision.Deny,
                Article = "18(1)",
                Reason = ReasonCode.NoRestrictionCase,
                Because = "A person found no case of Art. 18(1).",
            }),
    };

    private static RowDecision Restrict(string article, string reason, string because) =>
        new() { Decision = Decision.Grant, Article = article, Reason = reason, Because = because };
}
