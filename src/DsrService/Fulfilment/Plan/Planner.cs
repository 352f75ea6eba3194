using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Fulfilment.Plan;

/// <summary>Data map x right x grounds -> what is done where. Pure: the same map, input and day give the same plan.
/// Answering the open questions is planning again with the answers.</summary>
internal static class Planner
{
    public static RequestPlan Plan(ControllerDataMap map, PlanInput input)
    {
        input = Known(map, input);
        var decided = PlanRows.Decide(map, input);
        var identifiers = new IdentifierRoutes(map, Usable(map, input, decided.Rows));
        var steps = new PlanSteps(map, input, decided, identifiers).Build();
        return new RequestPlan
        {
            Right = input.Right,
            Rows = decided.Rows,
            Steps = steps.Steps,
            Unreachable = steps.Unreachable,
            Notices = steps.Notices,
            Coverage = steps.Coverage,
            Fields = decided.Fields,
            Questions = decided.Questions,
            Suppressions = Suppressions(map, decided.Rows, input),
            ApprovedByPolicy = steps.ApprovedByPolicy,
        };
    }

    // A purpose the map does not name is read in the person's favour: everything that can be objected to.
    private static PlanInput Known(ControllerDataMap map, PlanInput input) =>
        input.ObjectionPurpose is null or ObjectionRules.DirectMarketing || map.Activities.Any(activity => activity.Key == input.ObjectionPurpose)
            ? input
            : input with { ObjectionPurpose = null };

    // What a stranger says only narrows a search. Direct marketing stops for whatever address is given (Art. 21(2), (3)).
    private static HashSet<string> Usable(ControllerDataMap map, PlanInput input, IReadOnlyList<PlanRow> rows) =>
        [.. input.Identifiers.Where(identifier => identifier.Verified || AuthorityRules.IsShown(input) || MarketingOnly(map, input, rows)).Select(identifier => identifier.Kind)];

    internal static bool MarketingOnly(ControllerDataMap map, CaseFacts facts, IReadOnlyList<PlanRow> rows) =>
        facts.Right == Right.Objection && rows.Count > 0 &&
        rows.All(row => row.Activities.All(key => map.Activities.First(activity => activity.Key == key).IsDirectMarketing));

    private static List<Suppression> Suppressions(ControllerDataMap map, IReadOnlyList<PlanRow> rows, CaseFacts facts)
    {
        if (facts.Right is not (Right.Erasure or Right.Objection))
            return [];
        var stopped = rows.Where(row => row.Decision is Decision.Grant or Decision.Partial)
            .SelectMany(row => row.Activities).Distinct().Select(key => map.Activities.First(activity => activity.Key == key));
        return [.. stopped.Where(activity => activity.IsDirectMarketing || facts.Right == Right.Objection)
            .GroupBy(activity => activity.IsDirectMarketing ? ObjectionRules.DirectMarketing : activity.Key)
            .Select(purpose => new Suppression(purpose.Key, [.. purpose.SelectMany(activity => map.System(activity.System).Needs).Distinct()]))];
    }
}
