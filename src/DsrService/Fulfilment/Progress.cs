using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>What follows when a task has ended: its verification, the steps that waited for it, and, when none is open
/// any more, the move to the answer. Runs in the transaction of what ended the task, the request's row locked.</summary>
internal sealed class Progress(TellRecipients recipients, AuditLog audit, TimeProvider time)
{
    public async Task AdvanceAsync(Work work, DataSubjectRequest request, ControllerDataMap map, CancellationToken cancel) =>
        await AdvanceAsync(work, request, map, PlanRequest.Read(request), await TasksAsync(work.Db, request, cancel), cancel);

    public static async Task<List<RequestTask>> TasksAsync(DsrDbContext db, DataSubjectRequest request, CancellationToken cancel)
    {
        await db.Set<RequestTask>().Where(task => task.RequestId == request.Id).LoadAsync(cancel);
        return [.. db.Set<RequestTask>().Local.Where(task => task.RequestId == request.Id)];
    }

    public async Task AdvanceAsync(Work work, DataSubjectRequest request, ControllerDataMap map, RequestPlan plan, List<RequestTask> tasks, CancellationToken cancel)
    {
        await work.Db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id).LoadAsync(cancel);
        Advance(work, request, map, plan, tasks, work.Db.Set<RequestIdentifier>().Local.Where(row => row.RequestId == request.Id));
    }

    public void Advance(Work work, OpenRequest open) =>
        Advance(work, open.Request, open.Map, open.Plan, open.Tasks, open.Identifiers);

    private void Advance(Work work, DataSubjectRequest request, ControllerDataMap map, RequestPlan plan, List<RequestTask> tasks, IEnumerable<RequestIdentifier> identifiers)
    {
        var now = time.GetUtcNow();
        var steps = plan.Steps.ToDictionary(step => step.Key, StringComparer.Ordinal);
        // Only verified identifiers lead to data; one that a stranger supplied narrows and never widens.
        var kinds = identifiers.Where(row => row.LeadsToData(request)).Select(row => row.Kind).ToHashSet(StringComparer.Ordinal);
        bool moved;
        do
        {
            moved = false;
            foreach (var task in tasks.Where(task => task.State == TaskState.Planned && task.NextAttemptAt is null).ToList())
                moved |= Release(work.Db, request, task, steps.GetValueOrDefault(task.Step), tasks, kinds, now);
        }
        while (moved);
        foreach (var task in tasks.Where(task => NeedsVerification(request, task, map, steps, tasks)).ToList())
            tasks.Add(Verify(work.Db, request, map, task, steps, now));
        recipients.Handle(work.Db, request, map, plan, tasks, identifiers);
        if (request.Status == RequestStatus.InProgress)
            EndWhereDone(work.Db, request, tasks, steps, now);
    }

    /// <summary>Whether a task keeps the request from its answer.</summary>
    public static bool HoldsOpen(RequestTask task, IReadOnlyDictionary<string, PlanStep> steps)
    {
        if (task.ReplacedBy is not null || task.Preview || task.Action is TaskAction.Locate)
            return false;
        if (steps.TryGetValue(task.Step, out var step) && !step.HoldsRequestOpen)
            return false;
        if (task.State is TaskState.Verified or TaskState.SetAside)
            return false;
        return task.State != TaskState.Done || MustBeVerified(task, steps);
    }

    /// <summary>Whether what it was to change is proved, as far as its system can prove anything.</summary>
    public static bool IsProved(RequestTask task, ControllerDataMap map, IReadOnlyDictionary<string, PlanStep> steps) =>
        task.State == TaskState.Verified || task.State == TaskState.Done && !(MustBeVerified(task, steps) && map.System(task.System).CanBeAskedAgain);

    private static bool MustBeVerified(RequestTask task, IReadOnlyDictionary<string, PlanStep> steps) => task.Verifies is null
        && (HasNoStepToVerify(task) || steps.TryGetValue(task.Step, out var step) && step.MustBeVerified && task.LastError != TaskErrors.NoIdentifier);

    // What the plan has no verification of: it began before the approval, or after the answer.
    private static bool HasNoStepToVerify(RequestTask task) => task.EndsKept || task.Redoes is not null || task.IsLifting
        || task is { IsMeanwhile: true, Action: TaskAction.Restrict } && task.LastError != TaskErrors.NoIdentifier;

    private static bool NeedsVerification(DataSubjectRequest request, RequestTask task, ControllerDataMap map, IReadOnlyDictionary<string, PlanStep> steps, List<RequestTask> tasks) =>
        task.State == TaskState.Done && task.ReplacedBy is null && (request.Status.IsOpen() || task.OutlivesRequest) && MustBeVerified(task, steps) && map.System(task.System).CanBeAskedAgain
        && !tasks.Exists(other => other.Verifies == task.Id);

    private static RequestTask Verify(DsrDbContext db, DataSubjectRequest request, ControllerDataMap map, RequestTask done, Dictionary<string, PlanStep> steps, DateTimeOffset now)
    {
        var task = HasNoStepToVerify(done)
            ? done.ToVerify(now)
            : PlanRequest.NewTask(request, map, steps.Values.Single(step => step.Verifies == done.Step), done.Id, now);
        task.NextAttemptAt = now;
        db.Add(task);
        return task;
    }

    private bool Release(DsrDbContext db, DataSubjectRequest request, RequestTask task, PlanStep? step, List<RequestTask> tasks, IReadOnlySet<string> kinds, DateTimeOffset now)
    {
        // What goes before it belongs to another request: its receipt lets this one go.
        if (task.RedoAfter is not null)
            return false;
        if (step is not null && step.DependsOn.Any(key => tasks.Exists(other => other.Step == key && !IsOver(other))))
            return false;
        if (step is not null && step.Needs.Count > 0 && !step.Needs.Any(kinds.Contains))
        {
            // Who set the way there aside decides about what lies behind it as well.
            if (step.DependsOn.Any(key => tasks.Exists(other => other.Step == key && other.State == TaskState.SetAside)))
                return false;
            // Nothing leads to the person there: said as it is, never as "nothing found".
            task.State = TaskState.Done;
            task.Outcome = ReceiptOutcome.NotHeld;
            task.LastError = TaskErrors.NoIdentifier;
            task.EndedAt = task.Since = now;
            audit.Record(db, request, AuditLog.Service, "task.not_sent", new { task = task.Id, task.System, task.Action, reason = TaskErrors.NoIdentifier, step.Needs });
            return true;
        }
        task.NextAttemptAt = now;
        return false;
    }

    // A preview that failed holds nothing up. A location does: without it "nothing leads there" would be a guess.
    private static bool IsOver(RequestTask task) => task.HasEnded || (task.Preview && task.State == TaskState.Failed);

    private void EndWhereDone(DsrDbContext db, DataSubjectRequest request, List<RequestTask> tasks, Dictionary<string, PlanStep> steps, DateTimeOffset now)
    {
        if (tasks.Exists(task => HoldsOpen(task, steps)))
        {
            request.WaitingFor = WaitingReasons.Systems;
            return;
        }
        if (request.Right is Right.Access or Right.Portability)
        {
            if (request.WaitingFor != WaitingReasons.Package)
                audit.Record(db, request, AuditLog.Service, "tasks.ended");
            request.WaitingFor = WaitingReasons.Package;
        }
        else if (request.TryMove(RequestMove.EndTasks, now))
        {
            request.WaitingFor = WaitingReasons.Answer;
            audit.Record(db, request, AuditLog.Service, "tasks.ended");
        }
    }
}

internal static class TaskErrors
{
    /// <summary>The system knows people by kinds of which none is known here.</summary>
    public const string NoIdentifier = "task.no_identifier";

    /// <summary>On verification the effect was not there.</summary>
    public const string NotVerified = "verification.still_found";

    /// <summary>What was restricted was not found when the restriction was to be lifted.</summary>
    public const string NothingToLift = "lifting.nothing_found";

    /// <summary>Its system says that some of what was to be freed stays restricted.</summary>
    public const string StillRestricted = "lifting.retained";

    public const string Refused = "system.refused";
    public const string NoPreview = "preview.not_answered";
}
