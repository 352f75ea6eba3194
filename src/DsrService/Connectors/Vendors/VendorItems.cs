using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.Vendors;

/// <summary>What waits for the vendor of a system: tasks worked by hand that are out, unless their request is on hold or the
/// system is stopped.</summary>
internal sealed class VendorItems(DsrDbContext db)
{
    internal sealed class Row
    {
        public required RequestTask Task { get; init; }
        public required DataSubjectRequest Request { get; init; }
    }

    public IQueryable<Row> Open(string controller, string system)
    {
        TaskState[] states = [TaskState.Sent, TaskState.Accepted];
        var open = RequestStatuses.Open.ToArray();
        return from task in db.Set<RequestTask>()
               join request in db.Set<DataSubjectRequest>() on task.RequestId equals request.Id
               where task.Controller == controller && task.System == system && task.Binding == Binding.Manual
                   && states.Contains(task.State) && task.Outcome == null && task.ReplacedBy == null && !request.OnHold
                   && (open.Contains(request.Status) || task.Action == TaskAction.Notify || task.Action == TaskAction.LiftRestriction || task.Action == TaskAction.Release
                       || task.Step.StartsWith(RequestTask.LiftingStep) || task.Step.StartsWith(RequestTask.KeptStep) || task.Redoes != null)
                   && !db.Set<SystemStop>().Any(stop => stop.Controller == controller && (stop.System == SystemStop.All || stop.System == system))
               select new Row { Task = task, Request = request };
    }

    /// <summary>When it has to be done: what outlives its request has thirty days.</summary>
    public static DateTimeOffset DueAt(Row row) =>
        row.Task.EndsKept || row.Task.Redoes is not null || !row.Request.Status.IsOpen() ? row.Task.CreatedAt + OpenTasks.TimeForKept : row.Request.DueEndAt;
}
