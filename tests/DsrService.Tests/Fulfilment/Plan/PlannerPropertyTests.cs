using System.Text.Json;
using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Tests.DataMap;
using FsCheck;
using FsCheck.Fluent;

namespace DsrService.Tests.Fulfilment.Plan;

/// <summary>What holds for every plan, whatever is asked and known.</summary>
internal sealed class PlannerPropertyTests
{
    private static readonly ControllerDataMap Map = TestMaps.Toontrack;

    [Test]
    public void Plan_AnyInput_AccountsForEveryRowOnce() => ForAll(input =>
    {
        var plan = Planner.Plan(Map, input);
        return plan.Coverage.Select(row => (row.System, row.Category)).Order()
            .SequenceEqual(plan.Rows.Select(row => (row.System, row.Category)).Order())
            && plan.Rows.Select(row => (row.System, row.Category)).Distinct().Count() == plan.Rows.Count
            && plan.Coverage.All(row => row.State == CoverageState.Covered == (row.Reason is null))
            && plan.Coverage.All(row => row.State != CoverageState.Covered || plan.Steps.Any(step => step.Key == row.Step));
    });

    [Test]
    public void Plan_AnyInput_ErasesNothingThatARowKeeps() => ForAll(input =>
    {
        var plan = Planner.Plan(Map, input);
        var act = plan.Steps.Where(step => step.Phase != StepPhase.Meanwhile).SelectMany(step => step.Scope.Where(item => item.Decision == ScopeDecision.Act).Select(item => (step.System, item.Category))).ToHashSet();
        var allowed = plan.Rows.Where(row => row.Decision == Decision.Grant || (row.Decision == Decision.Partial && input.Right != Right.Erasure))
            .Select(row => (row.System, row.Category)).ToHashSet();
        return act.IsSubsetOf(allowed);
    });

    [Test]
    public void Plan_AnyInput_HangsTogether() => ForAll(input =>
    {
        var plan = Planner.Plan(Map, input);
        var waves = plan.Steps.ToDictionary(step => step.Key, step => step.Wave);
        return plan.Steps.All(step =>
            step.DependsOn.All(key => waves[key] < step.Wave)
            && (step.Phase == StepPhase.Verify) == (step.Verifies is not null)
            && (step.Phase != StepPhase.Prepare || step.Preview || step.Action == TaskAction.Locate)
            && Map.System(step.System).Can(step.Action)
            && step.Scope.All(item => Map.CategoriesAt(step.System).Any(category => category.Key == item.Category))
            && step.Scope.All(item => item.Decision == ScopeDecision.Act || item.Reason is not null)
            && (!step.MustBeVerified || plan.Steps.Any(other => other.Verifies == step.Key)));
    });

    [Test]
    public void Plan_AnyInput_AsksForIdentifiersBeforeTheirGiverChanges() => ForAll(input =>
    {
        var plan = Planner.Plan(Map, input);
        return plan.Steps.Where(step => step.Action == TaskAction.Locate).All(locate =>
            plan.Steps.Where(step => step.System == locate.System && step.Phase == StepPhase.Act && step.Action is not (TaskAction.Access or TaskAction.Export)).All(step => step.DependsOn.Contains(locate.Key)));
    });

    [Test]
    public void Plan_EveryQuestionAnswered_LeavesNone() => ForAll(input =>
    {
        foreach (var answer in Enum.GetValues<QuestionAnswer>())
        {
            var answered = input with { Answers = Planner.Plan(Map, input).Questions.ToDictionary(question => question.Key, _ => answer) };
            var plan = Planner.Plan(Map, answered);
            if (plan.Questions.Count > 0 || plan.Rows.Any(row => row.Decision == Decision.Human))
                return false;
        }
        return true;
    });

    [Test]
    public void Plan_AnyInput_SurvivesJson() => ForAll(input =>
    {
        var json = JsonSerializer.Serialize(Planner.Plan(Map, input), DsrJson.Options);
        return JsonSerializer.Serialize(JsonSerializer.Deserialize<RequestPlan>(json, DsrJson.Options), DsrJson.Options) == json;
    });

    [Test]
    public void Plan_WithoutVerifiedIdentifier_TouchesNothingButMarketing() => ForAll(input =>
    {
        var stranger = input with { Identifiers = [.. input.Identifiers.Select(identifier => identifier with { Verified = false })] };
        var plan = Planner.Plan(Map, stranger);
        return plan.Steps.Count == 0 || plan.ApprovedByPolicy;
    });

    private static void ForAll(Func<PlanInput, bool> holds) => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Inputs(), holds));

    private static Arbitrary<PlanInput> Inputs()
    {
        string[] kinds = [.. Map.IdentifierKinds.Select(kind => kind.Key)];
        string?[] purposes = [null, ObjectionRules.DirectMarketing, "nonsense", .. Map.Activities.Select(activity => activity.Key)];
        string[] fields = [.. Map.CorrectableFields().Select(field => field.Field), "unknown"];
        RestrictionGround?[] cases = [null, .. Enum.GetValues<RestrictionGround>()];
        return Arb.From(
            from right in Gen.Elements(Enum.GetValues<Right>())
            from grounds in Gen.SubListOf(Enum.GetValues<ErasureGround>())
            from ground in Gen.Elements(cases)
            from purpose in Gen.Elements(purposes)
            from wanted in Gen.SubListOf(fields)
            from known in Gen.SubListOf(kinds)
            from verified in Gen.ListOf(Gen.Elements(true, false), kinds.Length)
            from hold in Gen.Frequency((4, Gen.Constant(LegalHold.None)), (1, Gen.Constant(LegalHold.Litigation)))
            from days in Gen.Choose(0, 4000)
            select new PlanInput
            {
                Right = right,
                Today = new DateOnly(2024, 1, 1).AddDays(days),
                ErasureGrounds = [.. grounds],
                RestrictionGround = ground,
                ObjectionPurpose = purpose,
                CorrectionFields = [.. wanted],
                Hold = hold,
                Identifiers = [.. known.Select((kind, i) => new KnownIdentifier(kind, verified[i]))],
            });
    }
}
