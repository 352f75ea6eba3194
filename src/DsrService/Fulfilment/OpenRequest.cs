using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A request with all that the end of a task may touch, its row locked: its data map, key, tasks and identifiers.</summary>
internal sealed class OpenRequest(DataSubjectRequest request, ControllerDataMap map, DataKey key, List<RequestTask> tasks, List<RequestIdentifier> identifiers)
{
    private RequestPlan? plan;

    public DataSubjectRequest Request => request;
    public ControllerDataMap Map => map;
    public DataKey Key => key;
    public List<RequestTask> Tasks => tasks;
    public List<RequestIdentifier> Identifiers => identifiers;

    /// <summary>As it was planned or approved: the end of a task changes nothing in it.</summary>
    public RequestPlan Plan => plan ??= PlanRequest.Read(request);

    /// <summary>A task has ended, so that something may follow.</summary>
    public bool Moved { get; set; }

    /// <summary>The requests of tasks, each task given with its owner: another system's task leads to none.</summary>
    public static async Task<Dictionary<Guid, OpenRequest>> LockForTasksAsync(
        Work work, RequestKeys keys, DataMaps maps, IReadOnlyCollection<(string Controller, string System, Guid Task)> owned, CancellationToken cancel)
    {
        var (ids, controllers, systems) = (owned.Select(one => one.Task).ToArray(), owned.Select(one => one.Controller).ToArray(), owned.Select(one => one.System).ToArray());
        // In the order of their ids, so that two who lock several never wait for each other.
        var requests = await work.Db.Set<DataSubjectRequest>().FromSql($"""
            SELECT r.* FROM dsr.requests r
            WHERE r.id IN (SELECT t.request_id FROM dsr.tasks t
                JOIN unnest({ids}, {controllers}, {systems}) AS own (task, controller, system)
                ON t.id = own.task AND t.controller = own.controller AND t.system = own.system)
            ORDER BY r.id FOR UPDATE OF r
            """).ToListAsync(cancel);
        var locked = requests.Select(request => request.Id).ToList();
        var tasks = (await work.Db.Set<RequestTask>().Where(task => locked.Contains(task.RequestId)).ToListAsync(cancel)).ToLookup(task => task.RequestId);
        var identifiers = (await work.Db.Set<RequestIdentifier>().Where(row => locked.Contains(row.RequestId)).ToListAsync(cancel)).ToLookup(row => row.RequestId);
        var opened = new Dictionary<Guid, OpenRequest>();
        foreach (var request in requests)
            opened.Add(request.Id, new(request, await maps.ForAsync(request.DataMapVersion, cancel), keys.Open(request), [.. tasks[request.Id]], [.. identifiers[request.Id]]));
        return opened;
    }
}
