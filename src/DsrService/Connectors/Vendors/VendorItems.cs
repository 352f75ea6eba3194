using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.Vendors;

/// <summary>What waits for the vendor of a system: tasks worked by hand that are out, unless their request is on hold or the
/// system is stopped.</summary>
internal sealed class VendorItems(DsrDbContext db)
{
    public IQueryable<LiveTask> Open(string controller, string system)
    {
        TaskState[] states = [TaskState.Sent, TaskState.Accepted];
        return LiveTask.In(db, [.. RequestStatuses.Open]).Where(row => row.Task.Controller == controller && row.Task.System == system && row.Task.Binding == Binding.Manual
            && states.Contains(row.Task.State) && row.Task.Outcome == null && !row.Request.OnHold
            && !db.Set<SystemStop>().Any(stop => stop.Controller == controller && (stop.System == SystemStop.All || stop.System == system)));
    }

    /// <summary>When it has to be done: what outlives its request has thirty days.</summary>
    public static DateTimeOffset DueAt(LiveTask row) =>
        row.Task.EndsKept || row.Task.Redoes is not null || !row.Request.Status.IsOpen() ? row.Task.CreatedAt + OpenTasks.TimeForKept : row.Request.DueEndAt;
}
