using DsrService.Data;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A task that may still be worked, with its request.</summary>
internal sealed class LiveTask
{
    public required RequestTask Task { get; init; }
    public required DataSubjectRequest Request { get; init; }

    /// <summary>Tasks of requests in one of these statuses, and those that outlive theirs: <see cref="RequestTask.OutlivesRequest"/>
    /// in the database's words.</summary>
    public static IQueryable<LiveTask> In(DsrDbContext db, params RequestStatus[] statuses) =>
        from task in db.Set<RequestTask>()
        join request in db.Set<DataSubjectRequest>() on task.RequestId equals request.Id
        where task.ReplacedBy == null
            && (statuses.Contains(request.Status) || task.Action == TaskAction.Notify || task.Action == TaskAction.LiftRestriction || task.Action == TaskAction.Release
                || task.Step.StartsWith(RequestTask.LiftingStep) || task.Step.StartsWith(RequestTask.KeptStep) || task.Redoes != null)
        select new LiveTask { Task = task, Request = request };
}
