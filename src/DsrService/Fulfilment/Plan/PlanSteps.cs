using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment.Plan;

/// <summary>The steps of a plan, from its decisions: per system one action, before it whatever finds the person and shows
/// what would happen, after it whatever proves it.</summary>
internal sealed class PlanSteps(ControllerDataMap map, PlanInput input, PlanRows decided, IdentifierRoutes routes)
{
    private readonly List<PlanStep> steps = [];
    private readonly List<UnreachableSystem> unreachable = [];
    private readonly List<CoverageRow> coverage = [];

    public sealed record Result(
        IReadOnlyList<PlanStep> Steps,
        IReadOnlyList<UnreachableSystem> Unreachable,
        IReadOnlyList<RecipientNotice> Notices,
        IReadOnlyList<CoverageRow> Coverage,
        bool ApprovedByPolicy);

    public Result Build()
    {
        var byPolicy = decided.Questions.Count == 0 && Planner.MarketingOnly(map, input, decided.Rows);
        foreach (var system in map.Systems)
            AddAction(system, [.. decided.Rows.Where(row => row.System == system.Key)]);
        AddMeanwhile();
        var notices = AddNotices();
        AddWaysToIdentifiers();
        if (!byPolicy)
            AddPreviews();
        AddVerifications();
        return new(InWaves(), unreachable, notices, coverage, byPolicy);
    }

    private void AddAction(MappedSystem system, List<PlanRow> rows)
    {
        var scope = rows.Select(Scope).OfType<ScopeItem>().ToList();
        var action = ActionFor(system);
        var needed = scope.Any(item => item.Decision == ScopeDecision.Act) || (scope.Count > 0 && action == TaskAction.Erase);
        var why = !needed ? null
            : action is null ? ReasonCode.NotSupported
            : !routes.Reaches(system) ? ReasonCode.NoIdentifier
            : null;
        if (why == ReasonCode.NotSupported && map.IsAnotherControllers(system))
        {
            Cover(rows, row => (CoverageState.Exempt, ReasonCode.AnotherController), null);
            return;
        }
        if (why == ReasonCode.NoIdentifier)
            unreachable.Add(new(system.Key, system.Needs,
                $"It knows people by {string.Join(" or ", system.Needs)}; none that is verified is known, and no system in reach gives one."));
        string? key = null;
        if (needed && why is null)
            key = Add(system, action!.Value, scope).Key;
        Cover(rows, row => row.Decision switch
        {
            Decision.Deny => (CoverageState.Exempt, row.Reason),
            Decision.Human => (CoverageState.Uncovered, row.Reason),
            _ => why is null ? (CoverageState.Covered, null) : (CoverageState.Uncovered, why),
        }, key);
    }

    private void Cover(List<PlanRow> rows, Func<PlanRow, (CoverageState State, string? Reason)> state, string? step)
    {
        foreach (var row in rows)
            coverage.Add(new()
            {
                System = row.System,
                Category = row.Category,
                State = state(row).State,
                Reason = state(row).Reason,
                Step = step,
            });
    }

    // A recipient that decides for itself is told and not instructed.
    private TaskAction? ActionFor(MappedSystem system)
    {
        TaskAction[] choices = input.Right switch
        {
            Right.Access => [TaskAction.Access],
            Right.Portability => [TaskAction.Export],
            Right.Rectification => [TaskAction.Rectify],
            Right.Erasure => [TaskAction.Erase, TaskAction.Notify],
            Right.Restriction => [TaskAction.Restrict, TaskAction.Notify],
            _ => [TaskAction.StopProcessing],
        };
        return choices.Cast<TaskAction?>().FirstOrDefault(choice => system.Can(choice!.Value));
    }

    // Until a question is answered an erasure keeps the data; for other rights the category is left alone.
    private ScopeItem? Scope(PlanRow row) => (input.Right, row.Decision) switch
    {
        _ when !MayHear(row) => null,
        (Right.Erasure, Decision.Grant) => new() { Category = row.Category, Decision = ScopeDecision.Act },
        (Right.Erasure, _) => new() { Category = row.Category, Decision = ScopeDecision.Keep, Reason = row.Reason, Until = row.Until },
        (_, Decision.Grant or Decision.Partial) => new() { Category = row.Category, Decision = ScopeDecision.Act, Reason = row.Reason },
        _ => null,
    };

    // Of somebody who may not ask, or cannot be told apart, no system hears.
    private static bool MayHear(PlanRow row) => row.Reason is not (ReasonCode.NoAuthority or ReasonCode.CannotIdentify or ReasonCode.AuthorityUnclear);

    private PlanStep Add(MappedSystem system, TaskAction action, IReadOnlyList<ScopeItem> scope)
    {
        var changes = action is TaskAction.Erase or TaskAction.Rectify or TaskAction.Restrict or TaskAction.StopProcessing;
        var step = new PlanStep
        {
            Key = $"{DsrJson.Kebab(action)}:{system.Key}",
            System = system.Key,
            Binding = system.Binding,
            Action = action,
            Phase = StepPhase.Act,
            Needs = system.Needs,
            Scope = action != TaskAction.Notify ? scope
                : [.. scope.Where(item => item.Decision == ScopeDecision.Act).Select(item => item with { Reason = NoticeReason })],
            Fields = action == TaskAction.Rectify ? FieldsToCorrect(system, scope) : [],
            MustBeVerified = changes && system.CanBeAskedAgain,
            HoldsRequestOpen = action != TaskAction.Notify,
        };
        steps.Add(step);
        return step;
    }

    private List<string> FieldsToCorrect(MappedSystem system, IReadOnlyList<ScopeItem> scope) =>
        [.. PlanRows.FieldsAt(system, input).Where(field => scope.Any(item => item.Category == field.Category) &&
            RowRules.Decide(field, input).Decision is Decision.Grant or Decision.Partial).Select(field => field.Field)];

    // While a person decides who is right, the data is stored and not used. What somebody has asked to see is not lost
    // before the answer, though its time may be short.
    private void AddMeanwhile()
    {
        foreach (var system in map.Systems.Where(routes.Reaches))
        {
            var rows = decided.Rows.Where(row => row.System == system.Key).ToList();
            AddMeanwhile(system, TaskAction.Restrict, [.. rows.Where(row => Contested(row) is not null).Select(row => Act(row, Contested(row)))]);
            if (input.Right == Right.Access)
                AddMeanwhile(system, TaskAction.Preserve, [.. rows.Where(row => row.Decision != Decision.Deny && MayHear(row)).Select(row => Act(row, null))]);
        }

        static ScopeItem Act(PlanRow row, string? reason) => new() { Category = row.Category, Decision = ScopeDecision.Act, Reason = reason };
    }

    private void AddMeanwhile(MappedSystem system, TaskAction action, IReadOnlyList<ScopeItem> scope)
    {
        if (scope.Count > 0 && system.Can(action))
            steps.Add(new()
            {
                Key = $"meanwhile:{DsrJson.Kebab(action)}:{system.Key}",
                System = system.Key,
                Binding = system.Binding,
                Action = action,
                Phase = StepPhase.Meanwhile,
                Needs = system.Needs,
                Scope = scope,
                HoldsRequestOpen = false,
            });
    }

    private static string? Contested(PlanRow row) => row.Decision != Decision.Human ? null : row.Reason switch
    {
        ReasonCode.RectifyReview => ReasonCode.AccuracyContested,
        ReasonCode.ObjectionBalance or ReasonCode.ObjectionWeigh or ReasonCode.ResearchObjectionWeigh => ReasonCode.ObjectionPending,
        _ => null,
    };

    // What a notice tells of: 16, 17 or 18.
    private string NoticeReason => input.Right switch
    {
        Right.Rectification => "16",
        Right.Erasure => "17",
        _ => "18",
    };

    // Art. 19: each recipient of what was rectified, erased or restricted.
    private List<RecipientNotice> AddNotices()
    {
        if (input.Right is not (Right.Rectification or Right.Erasure or Right.Restriction))
            return [];
        var changed = decided.Rows.Where(row => row.Decision is Decision.Grant or Decision.Partial)
            .Select(row => (row.System, row.Category)).ToHashSet();
        var notices = new List<RecipientNotice>();
        foreach (var recipient in map.Recipients)
        {
            var disclosing = map.Activities.Where(activity => activity.Recipients.Contains(recipient.Key)).ToList();
            var categories = disclosing.SelectMany(activity => activity.Categories.Where(category => changed.Contains((activity.System, category))))
                .Distinct().ToList();
            if (categories.Count > 0)
                notices.Add(new()
                {
                    Recipient = recipient.Key,
                    Name = recipient.Name,
                    Article = "19",
                    Categories = categories,
                    Step = StepThatTells(recipient, categories, [.. disclosing.Select(activity => activity.System)]),
                    Contact = recipient.Contact,
                });
        }
        return notices;
    }

    private string? StepThatTells(Recipient recipient, List<string> categories, HashSet<string> sources)
    {
        foreach (var system in map.Systems.Where(system => system.Recipient == recipient.Key))
        {
            if (steps.Find(step => step.System == system.Key && step.Phase == StepPhase.Act) is { } own)
                return own.Key;
            if (!system.Can(TaskAction.Notify) || !routes.Reaches(system))
                continue;
            var notify = Add(system, TaskAction.Notify, [.. categories.Select(category => new ScopeItem { Category = category, Decision = ScopeDecision.Act })]);
            Replace(notify, notify with { DependsOn = [.. steps.Where(step => step != notify && step.Phase == StepPhase.Act && sources.Contains(step.System)).Select(step => step.Key)] });
            return notify.Key;
        }
        return null;
    }

    // Before a system that gives identifiers changes anything, it is asked for them: afterwards they would be lost.
    private void AddWaysToIdentifiers()
    {
        foreach (var step in steps.ToList())
            Replace(step, step with { DependsOn = [.. step.DependsOn.Concat(routes.Feeders(map.System(step.System)).Select(giver => WayTo(giver, step.Phase))).Distinct()] });
        foreach (var locate in steps.Where(step => step.Action == TaskAction.Locate).ToList())
            if (steps.Find(step => step.System == locate.System && step.Phase == StepPhase.Act && step.Action is not (TaskAction.Access or TaskAction.Export)) is { } change)
                Replace(change, change with { DependsOn = [.. change.DependsOn, locate.Key] });
    }

    // What acts before the approval cannot wait for a step that comes after it.
    private string WayTo(MappedSystem giver, StepPhase phase)
    {
        if (phase == StepPhase.Act && steps.Find(step => step.System == giver.Key && step.Action is TaskAction.Access or TaskAction.Export) is { } reading)
            return reading.Key;
        var key = $"{DsrJson.Kebab(TaskAction.Locate)}:{giver.Key}";
        if (steps.Any(step => step.Key == key))
            return key;
        steps.Add(new()
        {
            Key = key,
            System = giver.Key,
            Binding = giver.Binding,
            Action = TaskAction.Locate,
            Phase = StepPhase.Prepare,
            Needs = giver.Needs,
            DependsOn = [.. routes.Feeders(giver).Select(behind => WayTo(behind, phase))],
        });
        return key;
    }

    // Nothing is changed before somebody has seen what would go, where the system can say it (invariant 7).
    private void AddPreviews()
    {
        foreach (var step in steps.Where(step => step.Phase == StepPhase.Act && IsChange(step) && map.System(step.System).CanPreview).ToList())
        {
            var preview = step with
            {
                Key = $"preview:{step.Key}",
                Preview = true,
                Phase = StepPhase.Prepare,
                DependsOn = [.. step.DependsOn.Where(key => steps.Any(other => other.Key == key && other.Phase == StepPhase.Prepare))],
                MustBeVerified = false,
            };
            steps.Add(preview);
            Replace(step, step with { DependsOn = [.. step.DependsOn, preview.Key] });
        }
    }

    private void AddVerifications()
    {
        foreach (var step in steps.Where(step => step.MustBeVerified).ToList())
            steps.Add(step with
            {
                Key = $"{DsrJson.Kebab(TaskAction.Verify)}:{step.Key}",
                Action = TaskAction.Verify,
                Phase = StepPhase.Verify,
                DependsOn = [step.Key],
                Verifies = step.Key,
                MustBeVerified = false,
            });
    }

    private static bool IsChange(PlanStep step) =>
        step.Action is TaskAction.Erase or TaskAction.Rectify or TaskAction.Restrict or TaskAction.StopProcessing;

    private void Replace(PlanStep old, PlanStep step) => steps[steps.FindIndex(other => other.Key == old.Key)] = step;

    private List<PlanStep> InWaves()
    {
        var byKey = steps.ToDictionary(step => step.Key);
        int Wave(string key) => byKey[key].DependsOn.Count == 0 ? 0 : 1 + byKey[key].DependsOn.Max(Wave);
        return [.. steps.Select(step => step with { Wave = Wave(step.Key) }).OrderBy(step => step.Phase).ThenBy(step => step.Wave)];
    }
}
