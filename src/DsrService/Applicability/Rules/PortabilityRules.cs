using DsrService.DataMap;

namespace DsrService.Applicability.Rules;

/// <summary>Art. 20: consent or contract, by automated means, provided by the person or observed (WP 242).</summary>
internal static class PortabilityRules
{
    /// <summary>Whether an activity's data can be portable at all.</summary>
    public static bool Applies(ProcessingActivity activity) => Refuse(activity) is null;

    public static RowDecision Decide(ProcessingActivity activity, CaseFacts facts)
    {
        if (Refuse(activity) is { } refusal)
            return refusal;
        var granted = new RowDecision
        {
            Decision = Decision.Grant,
            Article = "20(1)",
            Reason = ReasonCode.Portable,
            Because = $"Based on {Words.Of(activity.LegalBasis)}, automated, and provided or observed.",
        };
        return activity.OthersData switch
        {
            OthersData.None => granted,
            OthersData.RedactedBySystem => granted with
            {
                Decision = Decision.Partial,
                Article = "20(4)",
                Reason = ReasonCode.PortableRedacted,
                Because = "Other people's data lies within; the system redacts it before it hands data over.",
            },
            _ => Weighing.Ask(facts,
                new($"{ReasonCode.PortableWeigh}:{activity.Key}", "20(4)",
                    $"'{activity.Purpose}' holds other people's data. Can it be handed over without harm to their rights and freedoms?"),
                ReasonCode.PortableWeigh,
                granted,
                Deny("20(4)", ReasonCode.OthersRights, "A person decided that other people's rights and freedoms stand against it.")),
        };
    }

    private static RowDecision? Refuse(ProcessingActivity activity) => activity switch
    {
        { LegalBasis: not (LegalBasis.Consent or LegalBasis.Contract), SpecialCondition: not SpecialCondition.ExplicitConsent } =>
            Deny("20(1)(a)", ReasonCode.NotPortableBasis, $"The basis is {Words.Of(activity.LegalBasis)}: neither consent nor contract."),
        { Automated: false } => Deny("20(1)(b)", ReasonCode.NotPortableManual, "Not processed by automated means."),
        { Source: DataSource.Derived or DataSource.ThirdParty } =>
            Deny("20(1)", ReasonCode.NotPortableDerived, "Neither provided by the person nor observed; access gives it."),
        _ => null,
    };

    private static RowDecision Deny(string article, string reason, string because) =>
        new() { Decision = Decision.Deny, Article = article, Reason = reason, Because = because };
}
