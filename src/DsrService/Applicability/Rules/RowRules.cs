using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Applicability.Rules;

/// <summary>Data map row x right x facts -> decision. Pure; the day is a fact of the case.</summary>
internal static class RowRules
{
    /// <summary>What the law gives for one activity; null where the request does not concern it. Rectification goes by
    /// field: <see cref="Decide(CorrectableField, CaseFacts)"/>.</summary>
    public static RowDecision? Decide(ProcessingActivity activity, MonthDay financialYearEnd, CaseFacts facts)
    {
        var decided = CannotIdentify(activity, facts) ?? facts.Right switch
        {
            Right.Access => AccessRules.Decide(activity, facts),
            Right.Erasure => ErasureRules.Decide(activity, financialYearEnd, facts),
            Right.Restriction => RestrictionRules.Decide(activity, facts),
            Right.Portability => PortabilityRules.Decide(activity, facts),
            Right.Objection => ObjectionRules.Decide(activity, facts),
            _ => null,
        };
        return decided is null ? null : AuthorityRules.Decide(facts, decided);
    }

    /// <summary>What the law gives for one field that the person wants rectified.</summary>
    public static RowDecision Decide(CorrectableField field, CaseFacts facts) => AuthorityRules.Decide(facts, RectificationRules.Decide(field, facts));

    /// <summary>Several activities may hold the same category at the same system: the decision for what lies there.
    /// <paramref name="decisions"/> may not be empty; the deciding one comes first in what is returned.</summary>
    public static IReadOnlyList<(ProcessingActivity Activity, RowDecision Decision)> InOrderOfWeight(
        Right right, IEnumerable<(ProcessingActivity Activity, RowDecision Decision)> decisions) =>
        [.. decisions.OrderBy(item => right == Right.Erasure ? ErasureWeight(item.Decision) : Weight(item.Decision))
            .ThenByDescending(item => item.Decision.Until ?? DateOnly.MinValue)];

    // Art. 11(2) lets Articles 15 to 20 fall away; the right to object stays.
    private static RowDecision? CannotIdentify(ProcessingActivity activity, CaseFacts facts) =>
        activity.Identifiable || facts.Right == Right.Objection ? null : new()
        {
            Decision = Decision.Deny,
            Article = "11(2)",
            Reason = ReasonCode.CannotIdentify,
            Because = "The controller cannot tell whose data it is; what the person adds may change that.",
        };

    // Data goes only when no purpose keeps it; where one does, a question about another changes nothing.
    private static int ErasureWeight(RowDecision decision) => (decision.Decision, decision.Reason) switch
    {
        (Decision.Deny or Decision.Partial, ReasonCode.LegalClaims) => 0,
        (Decision.Deny or Decision.Partial, ReasonCode.LegalObligation) => 1,
        (Decision.Deny or Decision.Partial, _) => 2,
        (Decision.Human, _) => 3,
        _ => 4,
    };

    private static int Weight(RowDecision decision) => decision.Decision switch
    {
        Decision.Human => 0,
        Decision.Partial => 1,
        Decision.Grant => 2,
        _ => 3,
    };
}
