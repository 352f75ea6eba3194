using DsrService.Data;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Restores;

/// <summary>The restores of a system, the last first, and what was made again for each.</summary>
internal sealed class ListRestores(DsrDbContext db)
{
    private const int Most = 20;

    public async Task<IReadOnlyList<RestoreView>> HandleAsync(string controller, string system, CancellationToken cancel)
    {
        var restores = await db.Set<Restore>().AsNoTracking().Where(row => row.Controller == controller && row.System == system)
            .OrderByDescending(row => row.StatedAt).Take(Most).ToListAsync(cancel);
        var ids = restores.ConvertAll(restore => restore.Id);
        var tasks = await (from task in db.Set<RequestTask>().AsNoTracking()
                           join request in db.Set<DataSubjectRequest>() on task.RequestId equals request.Id
                           where task.Restore != null && ids.Contains(task.Restore.Value) && task.Verifies == null && task.ReplacedBy == null
                           orderby task.Redoes
                           select new { Restore = task.Restore!.Value, View = new RestoredTask(request.Reference, task.Id, task.Action, task.State, task.LastError) }).ToListAsync(cancel);
        var byRestore = tasks.ToLookup(task => task.Restore, task => task.View);
        return [.. restores.Select(restore => new RestoreView(restore.RestoredTo, restore.StatedAt, [.. byRestore[restore.Id]]))];
    }
}

internal sealed record RestoreView(DateTimeOffset RestoredTo, DateTimeOffset StatedAt, IReadOnlyList<RestoredTask> Tasks);

internal sealed record RestoredTask(string Reference, Guid TaskId, TaskAction Action, TaskState State, string? LastError);
