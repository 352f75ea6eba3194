using DsrService.Audit;
using DsrService.Data;
using DsrService.Requests;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A person has a task tried again now. One whose receipt counted but proved wrong, or was a refusal, is sent
/// anew under an id of its own, since its system would rightly repeat its former receipt for the old one.</summary>
internal sealed class RetryTask(DsrDbContext db, WorkSignal signal, AuditLog audit, TimeProvider time)
{
    public async Task<Result<TaskOutput>> HandleAsync(string reference, Guid taskId, StaffCaller caller, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(reference, caller.ControllersFor(StaffRole.Agent), cancel) is not { } request)
            return Failure.NotFound();
        if (await db.Set<RequestTask>().SingleOrDefaultAsync(row => row.Id == taskId && row.RequestId == request.Id, cancel) is not { } task)
            return TaskFailures.NotFound;
        if (!request.Status.IsOpen() && !task.OutlivesRequest || task.ReplacedBy is not null || task.State is not (TaskState.Sent or TaskState.Accepted or TaskState.Failed))
            return new Failure("task.not_retryable", "Only a task that is sent, accepted or failed can be tried again.");
        var now = time.GetUtcNow();
        var sent = task;
        if (task.Outcome is not null)
        {
            sent = task.Anew(now);
            // The former proof goes with what it proved.
            foreach (var row in await db.Set<RequestTask>().Where(row => row.Id == task.Id || row.Verifies == task.Id).ToListAsync(cancel))
                row.ReplacedBy = sent.Id;
            await db.SaveChangesAsync(cancel);
            db.Add(sent);
            foreach (var item in await db.Set<KeptItem>().Where(item => item.Erasure == task.Id).ToListAsync(cancel))
                item.Erasure = sent.Id;
        }
        // One that went to people because its peer did not offer it is offered to the peer again.
        if (request.Plan is not null && PlanRequest.Read(request).Steps.FirstOrDefault(step => step.Key == sent.Step) is { } step)
            sent.Binding = step.Binding;
        sent.NextAttemptAt = now;
        audit.Record(db, request, AuditLog.Staff(caller.Id), "task.retried", new { task = task.Id, replacedBy = task.ReplacedBy });
        await work.CommitAsync(cancel);
        return TaskOutput.Of(sent);
    }
}
