using DsrService.Data;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>Keeps what has not gone out yet from going out, for a request that is about to be closed.</summary>
internal sealed class StopTasks(DsrDbContext db)
{
    /// <summary>False where a change is already on its way: then a person has to decide. The request is locked; the rows of
    /// its tasks are from here on, so that the dispatcher passes them over.</summary>
    public async Task<bool> TryHandleAsync(Guid request, CancellationToken cancel)
    {
        await db.Set<RequestTask>().Where(task => task.RequestId == request && task.Attempt == 0 && task.Redoes == null)
            .ExecuteUpdateAsync(task => task.SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)null), cancel);
        var sent = await db.Set<RequestTask>().AsNoTracking().Where(task => task.RequestId == request && task.Attempt > 0 && task.Redoes == null).ToListAsync(cancel);
        return !sent.Exists(task => task.Changes && !task.IsMeanwhile);
    }
}
