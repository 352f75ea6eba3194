using DsrService.Audit;
using DsrService.Data;
using DsrService.Hosting;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Restores;

/// <summary>Destroys what was kept for a restore, key and all, once no backup of the system is from before the change
/// (Art. 5(1)(e)). What is being done again still needs it.</summary>
internal sealed class DestroyRedoRecords(DsrDbContext db, AuditLog audit, TimeProvider time) : IRecurring
{
    private static readonly TaskState[] Under = [TaskState.Planned, TaskState.Sent, TaskState.Accepted, TaskState.Failed];

    public static string Name => "destroy-redo-records";

    public static TimeSpan Every => TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancel)
    {
        // The day ends last in the west.
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-1);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var destroyed = await db.Set<RedoRecord>()
            .Where(record => record.ExpiresOn < today && !db.Set<RequestTask>().Any(task => task.Redoes == record.TaskId && task.ReplacedBy == null && Under.Contains(task.State)))
            .ExecuteDeleteAsync(cancel);
        if (destroyed == 0)
            return;
        audit.Record(db, await Installation.LockAsync(db, cancel), AuditLog.Service, "redo.destroyed", new { records = destroyed });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
