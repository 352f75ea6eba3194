using DsrService.Applicability.Rules;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A person approves the plan, having seen what would go; only then anything is changed (invariant 7).</summary>
internal sealed class ApprovePlan(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, PlanRequest planning, Progress progress, AuditLog audit, TimeProvider time)
{
    private static readonly TimeSpan PreviewPatience = TimeSpan.FromSeconds(15);

    public async Task<Result<ApprovalOutput>> HandleAsync(string reference, StaffCaller caller, IReadOnlyDictionary<string, QuestionAnswer> answers, CancellationToken cancel)
    {
        await AwaitPreviewsAsync(reference, caller.ControllersFor(StaffRole.Approver), cancel);
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(reference, caller.ControllersFor(StaffRole.Approver), cancel) is not { } request)
            return Failure.NotFound();
        if (!RequestLifecycle.Allows(request.Status, RequestMove.Approve))
            return MoveFailures.NotAllowed(request, caller);
        if (request.IdentityConfirmedAt is null)
            return new Failure("identity.not_confirmed", "The person has not confirmed the address yet: nothing may be changed.");
        if (request.OnHold)
            return new Failure("request.on_hold", "The request is on hold; release it first.");
        var tasks = await Progress.TasksAsync(db, request, cancel);
        if (tasks.Exists(IsPreparing))
            return new Failure("request.preview_pending", "Some systems are still looking what would go. Try again shortly.");

        var key = keys.Open(request);
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var plan = await planning.MakeAsync(db, map, request, key, answers, cancel);
        if (plan.Questions.Count > 0)
            return new Failure("plan.questions_open", "The plan holds questions that only a person can answer.")
            {
                Extensions = new Dictionary<string, object?> { ["questions"] = plan.Questions },
            };
        PlanRequest.Keep(request, plan);
        request.TryMove(RequestMove.Approve, time.GetUtcNow());
        request.WaitingFor = WaitingReasons.Systems;
        request.ApprovedAt = time.GetUtcNow();
        request.ApprovedBy = caller.Id;
        if (answers.Count > 0)
            request.PlanAnswers = key.SealJson(RequestFields.PlanAnswers(request.Id), answers);
        audit.Record(db, request, AuditLog.Staff(caller.Id), "plan.approved", new
        {
            steps = plan.Steps.Where(step => step.Phase == StepPhase.Act).Select(step => step.Key),
            withoutPreview = tasks.Where(task => task.Preview && task.State == TaskState.Failed).Select(task => task.System),
            answers = answers.Keys,
        });
        // Answers may bring in systems that nobody has looked at yet.
        var before = tasks.Select(task => task.Step).ToHashSet(StringComparer.Ordinal);
        tasks.AddRange(planning.Create(db, map, request, plan, step => step.Phase == StepPhase.Prepare && !before.Contains(step.Key)));
        tasks.AddRange(planning.Create(db, map, request, plan, step => step.Phase == StepPhase.Act));
        await progress.AdvanceAsync(work, request, map, plan, tasks, cancel);
        await work.CommitAsync(cancel);
        return new ApprovalOutput(request.Reference, request.Status);
    }

    // Previews take moments where systems are up; an approver who is quicker need not come back.
    private async Task AwaitPreviewsAsync(string reference, IReadOnlyList<string> controllers, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(PreviewPatience);
        try
        {
            while (true)
            {
                var next = signal.Next();
                var open = await db.Set<RequestTask>().AsNoTracking()
                    .Where(task => db.Set<DataSubjectRequest>().Any(request => request.Id == task.RequestId && request.Reference == reference && request.Status == RequestStatus.Planned))
                    .Where(task => controllers.Contains(task.Controller) && (task.Preview || task.Action == TaskAction.Locate))
                    .ToListAsync(cancel);
                if (!open.Exists(IsPreparing))
                    return;
                await WorkSignal.WaitAsync(next, TimeSpan.FromMilliseconds(500), patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The approval says that previews are pending.
        }
    }

    // What failed, was silent for some attempts, or waits behind such a one is shown as that; what depends on it goes on
    // waiting after the approval.
    private static bool IsPreparing(RequestTask task) =>
        (task.Preview || task.Action == TaskAction.Locate) && !task.HasEnded && task.State != TaskState.Failed
        && task.NextAttemptAt is not null && task.Attempt <= Attempts.ForPreview;
}

internal sealed record ApprovalOutput(string Reference, RequestStatus Status);
