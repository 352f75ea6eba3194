using DsrService.DataMap;

namespace DsrService.Applicability.Rules;

/// <summary>Art. 21: absolute against direct marketing; against legitimate interests and public tasks a balance, in
/// which the controller has to show compelling grounds.</summary>
internal static class ObjectionRules
{
    /// <summary>The purpose that stands for every activity of direct marketing.</summary>
    public const string DirectMarketing = "direct-marketing";

    public static bool CanBeObjectedTo(ProcessingActivity activity) =>
        activity.IsDirectMarketing || activity.LegalBasis is LegalBasis.LegitimateInterests or LegalBasis.PublicTask;

    /// <summary>Null where the objection does not concern the activity.</summary>
    public static RowDecision? Decide(ProcessingActivity activity, CaseFacts facts)
    {
        if (!Concerns(facts.ObjectionPurpose, activity))
            return null;
        var stopped = new RowDecision
        {
            Decision = Decision.Grant,
            Article = "21(1)",
            Reason = ReasonCode.ObjectionStopped,
            Because = "The controller claims no compelling grounds against an objection.",
        };
        return activity switch
        {
            { IsDirectMarketing: true } => stopped with
            {
                Article = "21(3)",
                Reason = ReasonCode.MarketingStopped,
                Because = "Objection to direct marketing is absolute: no reason, no balance, no refusal.",
            },
            { LegalBasis: LegalBasis.Consent } => stopped with
            {
                Article = "7(3)",
                Reason = ReasonCode.WithdrawalOfConsent,
                Because = "Based on consent: an objection is read as its withdrawal.",
            },
            _ when !CanBeObjectedTo(activity) => new()
            {
                Decision = Decision.Deny,
                Article = "21(1)",
                Reason = ReasonCode.NoObjectionBasis,
                Because = $"The basis is {Words.Of(activity.LegalBasis)}, to which nobody can object under Art. 21(1).",
            },
            { OnObjection: OnObjection.Stop } => stopped,
            { PurposeKind: PurposeKind.ResearchStatistics } => Weighing.Ask(facts,
                new($"{ReasonCode.ResearchObjectionWeigh}:{activity.Key}", "21(6)",
                    $"The person objects to '{activity.Purpose}'. Does it stop, because no task carried out for reasons of public interest needs it?"),
                ReasonCode.ResearchObjectionWeigh,
                stopped with { Article = "21(6)", Because = "A person found that no task in the public interest needs it." },
                new()
                {
                    Decision = Decision.Deny,
                    Article = "21(6)",
                    Reason = ReasonCode.ResearchInPublicInterest,
                    Because = "A person found that a task carried out for reasons of public interest needs it.",
                }),
            _ => Weighing.Ask(facts,
                new($"{ReasonCode.ObjectionBalance}:{activity.Key}", "21(1)",
                    $"The person objects to '{activity.Purpose}'. Does it stop, because no compelling legitimate grounds override?"),
                ReasonCode.ObjectionBalance,
                stopped with { Because = "A person found no compelling grounds that override." },
                new()
                {
                    Decision = Decision.Deny,
                    Article = "21(1)",
                    Reason = ReasonCode.CompellingGrounds,
                    Because = "A person found compelling legitimate grounds that override.",
                }),
        };
    }

    private static bool Concerns(string? purpose, ProcessingActivity activity) => purpose switch
    {
        null => true,
        DirectMarketing => activity.IsDirectMarketing,
        _ => activity.Key == purpose,
    };
}
