using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Applicability.Rules;

/// <summary>Art. 17: one ground is enough, unless paragraph 3 keeps the data.</summary>
internal static class ErasureRules
{
    public static RowDecision Decide(ProcessingActivity activity, MonthDay financialYearEnd, CaseFacts facts)
    {
        var until = activity.Retention.LatestUntil(facts.Today, financialYearEnd);
        return Held(facts) ?? Obliged(activity, until) ?? Excepted(activity, facts)
            ?? Learnt(activity, facts, until, Ground(activity, facts) ?? Weighed(activity, facts, until) ?? Necessary(activity, until));
    }

    private static RowDecision? Held(CaseFacts facts) => facts.Hold switch
    {
        LegalHold.None => null,
        LegalHold.Litigation => Keep("17(3)(e)", ReasonCode.LegalClaims, "A legal hold is set: the data is needed for legal claims."),
        _ => Keep("17(3)(e)", ReasonCode.LegalClaims, "A legal hold is set: an authority needs the data."),
    };

    private static RowDecision? Obliged(ProcessingActivity activity, DateOnly? until) =>
        activity.LegalBasis != LegalBasis.LegalObligation ? null : Keep("17(3)(b)", ReasonCode.LegalObligation,
            $"The law requires it to be kept ({activity.Obligation}); each item ends on its own day, the latest possible is given.") with
        {
            Decision = activity.CutDownTo is null ? Decision.Deny : Decision.Partial,
            LegalBasis = activity.Obligation,
            Until = until,
        };

    private static RowDecision? Ground(ProcessingActivity activity, CaseFacts facts) => activity switch
    {
        { FromChildren: true } =>
            Erase("17(1)(f)", ReasonCode.Child, "Collected from a child for an online service; the age today does not matter."),
        { LegalBasis: LegalBasis.Consent } when Claims(facts, ErasureGround.Child) =>
            Erase("17(1)(f)", ReasonCode.Child, "Collected from a child on consent."),
        // Whoever wants it gone does not consent any more, whatever ground is named.
        { LegalBasis: LegalBasis.Consent } =>
            Erase("17(1)(b)", ReasonCode.ConsentWithdrawn, "Based on consent alone, and asking for erasure withdraws it."),
        { IsDirectMarketing: true } when Claims(facts, ErasureGround.Objection) =>
            Erase("17(1)(c)", ReasonCode.ObjectionToMarketing, "Objection to direct marketing is absolute (Art. 21(2), (3))."),
        { EndsOnErasure: true } =>
            Erase("17(1)(a)", ReasonCode.PurposeClosed, "The request for erasure closes the purpose; the data is no longer necessary."),
        { OnObjection: OnObjection.Stop } when Claims(facts, ErasureGround.Objection) && ObjectionRules.CanBeObjectedTo(activity) =>
            Erase("17(1)(c)", ReasonCode.ObjectionUpheld, "The person objects and the controller claims no overriding grounds."),
        _ => null,
    };

    // Art. 17(3)(a), (c), (d), (e) stand against every ground, so they come before the grounds; (b) has come before.
    private static RowDecision? Excepted(ProcessingActivity activity, CaseFacts facts) => activity.EndsOnErasure ? null : activity.PurposeKind switch
    {
        PurposeKind.Expression => Exception(activity, facts, "17(3)(a)", ReasonCode.ExpressionWeigh, ReasonCode.Expression, "freedom of expression and information"),
        PurposeKind.PublicHealth => Exception(activity, facts, "17(3)(c)", ReasonCode.PublicHealthWeigh, ReasonCode.PublicHealth, "public health"),
        PurposeKind.ResearchStatistics or PurposeKind.ArchivingPublicInterest =>
            Exception(activity, facts, "17(3)(d)", ReasonCode.ResearchWeigh, ReasonCode.Research, "archiving, research or statistics"),
        PurposeKind.LegalClaims => Exception(activity, facts, "17(3)(e)", ReasonCode.LegalClaimsWeigh, ReasonCode.LegalClaims, "legal claims"),
        _ => null,
    };

    // What was learnt into a model is not a record that a system can delete.
    private static RowDecision Learnt(ProcessingActivity activity, CaseFacts facts, DateOnly? until, RowDecision decided) =>
        activity.Location != DataLocation.Model || decided.Decision != Decision.Grant ? decided : Weighing.Ask(facts,
            new($"{ReasonCode.ModelWeigh}:{activity.Key}", decided.Article,
                $"'{activity.Purpose}' has been learnt into a model. Can what it learnt about the person be removed now, by retraining or a filter?"),
            ReasonCode.ModelWeigh,
            decided,
            Keep(decided.Article, ReasonCode.LearntIntoModel, "A person found that it can only go with the next training; the person is told when that is.") with { Until = until });

    private static RowDecision? Weighed(ProcessingActivity activity, CaseFacts facts, DateOnly? until)
    {
        var necessary = Necessary(activity, until);
        if (Claims(facts, ErasureGround.Objection) && ObjectionRules.CanBeObjectedTo(activity))
            return Weighing.Ask(facts,
                new($"{ReasonCode.ObjectionWeigh}:{activity.Key}", "17(1)(c)",
                    $"The person objects to '{activity.Purpose}'. Does it yield, because no legitimate grounds override?"),
                ReasonCode.ObjectionWeigh,
                Erase("17(1)(c)", ReasonCode.ObjectionUpheld, "A person found no overriding grounds."),
                Keep("21(1)", ReasonCode.CompellingGrounds, "A person found compelling legitimate grounds that override.") with { Until = until });
        if (Claims(facts, ErasureGround.Unlawful))
            return Weighing.Ask(facts,
                new($"{ReasonCode.UnlawfulReview}:{activity.Key}", "17(1)(d)",
                    $"The person says that '{activity.Purpose}' is unlawful; the data map names {Words.Of(activity.LegalBasis)} as its basis. Is it unlawful?"),
                ReasonCode.UnlawfulReview,
                Erase("17(1)(d)", ReasonCode.Unlawful, "A person found the processing unlawful."),
                necessary);
        return !Claims(facts, ErasureGround.LegalDuty) ? null : Weighing.Ask(facts,
            new($"{ReasonCode.LegalDutyReview}:{activity.Key}", "17(1)(e)",
                $"The person says that a law demands the erasure of '{activity.Purpose}'. Is there such a law?"),
            ReasonCode.LegalDutyReview,
            Erase("17(1)(e)", ReasonCode.LegalDuty, "A person found that a law demands erasure."),
            necessary);
    }

    private static RowDecision Exception(
        ProcessingActivity activity, CaseFacts facts, string article, string weigh, string keep, string interest) =>
        Weighing.Ask(facts,
            new($"{weigh}:{activity.Key}", article, $"'{activity.Purpose}' may be needed for {interest}. Can it be erased all the same?"),
            weigh,
            Erase("17(1)(a)", ReasonCode.PurposeClosed, $"A person found that {interest} does not need it."),
            Keep(article, keep, $"A person found that {interest} needs it."));

    private static RowDecision Necessary(ProcessingActivity activity, DateOnly? until) => activity.LegalBasis == LegalBasis.PublicTask
        ? Keep("17(3)(b)", ReasonCode.PublicTask, $"Still necessary for a task in the public interest: {activity.NecessaryReason}") with { Until = until }
        : Keep("17(1)(a)", ReasonCode.StillNecessary, $"No ground applies and the data is still necessary: {activity.NecessaryReason}") with { Until = until };

    private static bool Claims(CaseFacts facts, ErasureGround ground) => facts.ErasureGrounds.Contains(ground);

    private static RowDecision Erase(string article, string reason, string because) =>
        new() { Decision = Decision.Grant, Article = article, Reason = reason, Because = because };

    private static RowDecision Keep(string article, string reason, string because) =>
        new() { Decision = Decision.Deny, Article = article, Reason = reason, Because = because };
}
