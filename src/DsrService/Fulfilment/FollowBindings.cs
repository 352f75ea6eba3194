using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>Sends open tasks the way that leads to their system today. What is asked stays as it was when the request came in (invariant 4);
/// a system that has moved from the bus to HTTP would never hear of it on its old queue.</summary>
internal sealed class FollowBindings(DsrDbContext db, WorkSignal signal, DataMaps maps, AuditLog audit, TimeProvider time) : IRecurring
{
    public static string Name => "follow-bindings";

    public static TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var current in await maps.AllAsync(cancel))
            foreach (var system in current.Map.Systems)
                if (await Strayed(current.Map.Controller.Key, system).AnyAsync(cancel))
                    await MoveAsync(current.Map.Controller.Key, system, cancel);
    }

    // What a peer does not offer is done by hand there, on purpose.
    private IQueryable<RequestTask> Strayed(string controller, MappedSystem system) => db.Set<RequestTask>().Where(task =>
        task.Controller == controller && task.System == system.Key && task.Binding != system.Binding
        && (task.State == TaskState.Planned || task.State == TaskState.Sent || task.State == TaskState.Accepted || task.State == TaskState.Failed)
        && task.Outcome == null && task.ReplacedBy == null && !(system.Binding == Binding.Opendsr && task.Binding == Binding.Manual));

    private async Task MoveAsync(string controller, MappedSystem system, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var work = await Work.BeginAsync(db, signal, cancel);
        // What a receipt is being counted for right now is not sent once more: whoever counts holds the request's row.
        var requests = await Strayed(controller, system).Select(task => task.RequestId).Distinct().ToArrayAsync(cancel);
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM dsr.requests WHERE id = ANY({requests}) ORDER BY id FOR UPDATE", cancel);
        var installation = await Installation.LockAsync(db, cancel);
        // One whose turn has not come, or that nobody asks again, stays so; what waited to be fetched or worked by hand goes out.
        var moved = await Strayed(controller, system).Where(task => requests.Contains(task.RequestId)).ExecuteUpdateAsync(update => update
            .SetProperty(task => task.Binding, system.Binding)
            .SetProperty(task => task.ClaimedUntil, (DateTimeOffset?)null)
            .SetProperty(task => task.NextAttemptAt, task => task.State == TaskState.Sent || task.NextAttemptAt != null || task.State == TaskState.Accepted ? now : null), cancel);
        if (moved > 0)
            audit.Record(db, installation, AuditLog.Service, "tasks.rebound", new { controller, system = system.Key, binding = DsrJson.Kebab(system.Binding), tasks = moved });
        await work.CommitAsync(cancel);
    }
}
