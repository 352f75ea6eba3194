using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Restrictions;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A named person decides that the request goes on without a task, with a reason that the person who asked
/// will read.</summary>
internal sealed class SetAsideTask(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, Progress progress, KeepStates states, AuditLog audit, TimeProvider time)
{
    public async Task<Result<TaskOutput>> HandleAsync(string reference, Guid taskId, string? reason, StaffCaller caller, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(reference, caller.ControllersFor(StaffRole.Agent), cancel) is not { } request)
            return Failure.NotFound();
        var why = StaffText.Required("reason", reason, "Say why: the person who asked will read it.");
        if (why.Failed)
            return why.Failure;
        if (await db.Set<RequestTask>().SingleOrDefaultAsync(row => row.Id == taskId && row.RequestId == request.Id, cancel) is not { } task)
            return TaskFailures.NotFound;
        if (!task.MayBeSetAside(request.Status) || task.HasEnded && !(task.State == TaskState.Done && task.ReplacedBy is null && request.Status == RequestStatus.InProgress))
            return new Failure("task.has_ended", "This task has ended; there is nothing to set aside.");
        var now = time.GetUtcNow();
        var key = keys.Open(request);
        SetAside(task);
        // Nobody waits for the proof of what was set aside.
        foreach (var proof in await db.Set<RequestTask>().Where(row => row.Verifies == task.Id).ToListAsync(cancel))
            if (!proof.HasEnded)
                SetAside(proof);
        audit.Record(db, request, AuditLog.Staff(caller.Id), "task.set_aside", new { task = task.Id, task.System, task.Action, reason = SealedText.Seal(key, why.Value) });
        if (request.Plan is not null)
            await progress.AdvanceAsync(work, request, await maps.ForAsync(request.DataMapVersion, cancel), cancel);
        if (task.IsLifting)
            await states.AfterLiftingIsSetAsideAsync(request, key, task.System, cancel);
        await work.CommitAsync(cancel);
        return TaskOutput.Of(task);

        void SetAside(RequestTask row)
        {
            row.State = TaskState.SetAside;
            row.SetAsideBy = caller.Id;
            row.SetAsideReason = key.SealText(TaskFields.SetAsideReason(row.Id), why.Value);
            row.NextAttemptAt = null;
            row.EndedAt = row.Since = now;
        }
    }
}
