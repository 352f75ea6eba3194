using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Applicability.Rules;

/// <summary>Data map row x right x facts -> decision. Pure; the day is a fact of the case.</summary>
internal static class RowRules
{
    /// <summary>What the law gives for one activity; null where the request does not concern it. Rectification goes by
    /// field and not by activity: <see cref="RectificationRules"/>.</summary>
    public static RowDecision? Decide(ProcessingActivity activity, MonthDay financialYearEnd, CaseFacts facts) => facts.Right switch
    {
        Right.Access => AccessRules.Decide(activity, facts),
        Right.Erasure => ErasureRules.Decide(activity, financialYearEnd, facts),
        Right.Restriction => RestrictionRules.Decide(activity, facts),
        Right.Portability => PortabilityRules.Decide(activity, facts),
        Right.Objection => ObjectionRules.Decide(activity, facts),
        _ => null,
    };

    /// <summary>Several activities may hold the same category at the same system: the decision for what lies there.
    /// <paramref name="decisions"/> may not be empty; the deciding one comes first in what is returned.</summary>
    public static IReadOnlyList<(ProcessingActivity Activity, RowDecision Decision)> InOrderOfWeight(
        Right right, IEnumerable<(ProcessingActivity Activity, RowDecision Decision)> decisions) =>
        [.. decisions.OrderBy(item => right == Right.Erasure ? ErasureWeight(item.Decision) : Weight(item.Decision))
            .ThenByDescending(item => item.Decision.Until ?? DateOnly.MinValue)];

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
