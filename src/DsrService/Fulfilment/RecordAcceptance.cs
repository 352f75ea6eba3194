using DsrService.Audit;
using DsrService.Data;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A system has a task in hand, or is still at it: it is asked again only after a longer silence.</summary>
internal sealed class RecordAcceptance(DsrDbContext db, WorkSignal signal, AuditLog audit, TimeProvider time)
{
    public async Task<Result<TaskOutput>> HandleAsync(string controller, string system, TaskAccepted message, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockForTaskAsync(controller, system, message.TaskId, cancel) is not { } request)
            return TaskFailures.NotFound;
        var task = await db.Set<RequestTask>().SingleAsync(task => task.Id == message.TaskId, cancel);
        if (task.Attempt == 0)
            return TaskFailures.NotSent;
        var now = time.GetUtcNow();
        if (task.State is TaskState.Planned or TaskState.Sent or TaskState.Failed && task.ReplacedBy is null && task.Outcome is null)
        {
            task.State = TaskState.Accepted;
            task.AcceptedAt ??= now;
            task.SentAt ??= now;
            task.Since = now;
            task.LastError = null;
            task.Messages = null;
            task.NextAttemptAt = now + Attempts.Lease;
            audit.Record(db, request, AuditLog.System(controller, system), "task.accepted", new { task = task.Id });
        }
        await work.CommitAsync(cancel);
        return TaskOutput.Of(task);
    }

    public async Task<Result<TaskOutput>> HandleAsync(string controller, string system, TaskHeartbeat message, CancellationToken cancel)
    {
        var until = time.GetUtcNow() + Attempts.Lease;
        await db.Set<RequestTask>()
            .Where(task => task.Id == message.TaskId && task.Controller == controller && task.System == system
                && task.State == TaskState.Accepted && task.NextAttemptAt != null)
            .ExecuteUpdateAsync(update => update.SetProperty(task => task.NextAttemptAt, until).SetProperty(task => task.ClaimedUntil, (DateTimeOffset?)null), cancel);
        return await db.Set<RequestTask>().AsNoTracking()
            .SingleOrDefaultAsync(task => task.Id == message.TaskId && task.Controller == controller && task.System == system, cancel) is { } task
            ? TaskOutput.Of(task)
            : TaskFailures.NotFound;
    }
}
