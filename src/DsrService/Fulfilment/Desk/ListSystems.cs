using DsrService.Connectors;
using DsrService.Connectors.Vendors;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Restrictions;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Desk;

/// <summary>The systems of the caller's controllers, how they are, and what is open there.</summary>
internal sealed class ListSystems(DsrDbContext db, DataMaps maps, StaffDirectory staff, TimeProvider time)
{
    private static readonly TaskState[] OpenStates = [TaskState.Planned, TaskState.Sent, TaskState.Accepted, TaskState.Failed];

    public async Task<IReadOnlyList<SystemView>> HandleAsync(StaffCaller caller, CancellationToken cancel)
    {
        var controllers = caller.ReadableControllers.Union(caller.ControllersFor(StaffRole.Admin), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var connected = await db.Set<ConnectedSystem>().AsNoTracking().Where(system => controllers.Contains(system.Controller))
            .ToDictionaryAsync(system => (system.Controller, system.System), cancel);
        var stops = await db.Set<SystemStop>().AsNoTracking().Where(stop => controllers.Contains(stop.Controller)).ToListAsync(cancel);
        var alarms = (await db.Set<Reimport>().AsNoTracking().Where(alarm => controllers.Contains(alarm.Controller) && alarm.EndedAt == null).OrderBy(alarm => alarm.FirstAt).ToListAsync(cancel))
            .ToLookup(alarm => (alarm.Controller, alarm.System), alarm => new ReimportView(alarm.Id, alarm.Reference, alarm.Sign, alarm.FirstAt, alarm.LastAt, alarm.Times));
        var names = await staff.NamesAsync(stops.Select(stop => stop.StoppedBy).OfType<Guid>(), cancel);
        var open = RequestStatuses.Open.ToArray();
        var tasks = await (from task in db.Set<RequestTask>()
                           join request in db.Set<DataSubjectRequest>() on task.RequestId equals request.Id
                           where controllers.Contains(task.Controller) && OpenStates.Contains(task.State) && task.ReplacedBy == null && open.Contains(request.Status)
                           group task by new { task.Controller, task.System } into grouped
                           select new { grouped.Key.Controller, grouped.Key.System, Open = grouped.Count(), Failed = grouped.Count(task => task.State == TaskState.Failed) })
            .ToDictionaryAsync(row => (row.Controller, row.System), cancel);
        var systems = new List<SystemView>();
        var vendors = await VendorsAsync(controllers, cancel);
        foreach (var controller in controllers)
        {
            if (await maps.CurrentAsync(controller, cancel) is not { } current)
                continue;
            foreach (var system in current.Map.Systems)
            {
                var row = connected.GetValueOrDefault((controller, system.Key));
                // The stop of all is named first: it has to be ended first.
                var stop = stops.Where(stop => stop.Holds(controller, system.Key)).MinBy(stop => stop.System, StringComparer.Ordinal);
                var count = tasks.GetValueOrDefault((controller, system.Key));
                systems.Add(new SystemView
                {
                    Controller = controller,
                    ControllerName = current.Map.Controller.Name,
                    System = system.Key,
                    Label = system.Label.English,
                    Binding = system.Binding,
                    Health = HealthOf(system.Binding, row, stop is not null, count?.Failed ?? 0, time.GetUtcNow()),
                    OpenTasks = count?.Open ?? 0,
                    FailedTasks = count?.Failed ?? 0,
                    Stopped = stop is not null,
                    Stop = Said(stop, names),
                    Reimports = [.. alarms[(controller, system.Key)]],
                    LastAnswerAt = row?.LastAnswerAt,
                    LastErrorAt = row?.LastErrorAt,
                    LastError = row?.LastError,
                    CircuitOpenUntil = row?.CircuitOpenUntil > time.GetUtcNow() ? row.CircuitOpenUntil : null,
                    Vendor = system.VendorContact is { } contact ? (vendors.GetValueOrDefault((controller, system.Key)) ?? new VendorView()) with { Contact = contact } : null,
                });
            }
            foreach (var dropped in tasks.Keys.Where(key => key.Controller == controller && current.Map.Systems.All(system => system.Key != key.System)).OrderBy(key => key.System, StringComparer.Ordinal))
                systems.Add(await DroppedAsync(dropped, current.Map.Controller.Name, tasks[dropped].Open, tasks[dropped].Failed, connected.GetValueOrDefault(dropped),
                    stops.Where(stop => stop.Holds(controller, dropped.System)).MinBy(stop => stop.System, StringComparer.Ordinal), names, cancel));
        }
        return systems;
    }

    private async Task<Dictionary<(string, string), VendorView>> VendorsAsync(string[] controllers, CancellationToken cancel)
    {
        var links = await (from link in db.Set<VendorLink>().AsNoTracking()
                           where controllers.Contains(link.Controller)
                               && !db.Set<VendorLink>().Any(later => later.Controller == link.Controller && later.System == link.System && later.CreatedAt > link.CreatedAt)
                           select new { link.Controller, link.System, link.CreatedAt, link.ExpiresAt, Mail = db.Set<Notice>().Where(notice => notice.Id == link.NoticeId).Select(notice => (NoticeState?)notice.State).FirstOrDefault() }).ToListAsync(cancel);
        var seen = await db.Set<VendorLink>().Where(link => controllers.Contains(link.Controller)).GroupBy(link => new { link.Controller, link.System })
            .Select(group => new { group.Key, SeenAt = group.Max(link => link.SeenAt) }).ToDictionaryAsync(row => (row.Key.Controller, row.Key.System), row => row.SeenAt, cancel);
        var open = await (from task in db.Set<RequestTask>()
                          where controllers.Contains(task.Controller) && task.Binding == Binding.Manual && task.VendorToldAt != null && OpenStates.Contains(task.State) && task.ReplacedBy == null
                          group task by new { task.Controller, task.System } into grouped
                          select new { grouped.Key, Open = grouped.Count(), Escalated = grouped.Count(task => task.EscalatedAt != null) }).ToDictionaryAsync(row => (row.Key.Controller, row.Key.System), cancel);
        return links.ToDictionary(link => (link.Controller, link.System), link => new VendorView
        {
            LastLinkAt = link.CreatedAt,
            LinkUntil = link.ExpiresAt,
            LastMail = link.Mail,
            LastSeenAt = seen.GetValueOrDefault((link.Controller, link.System)),
            OpenItems = open.GetValueOrDefault((link.Controller, link.System))?.Open ?? 0,
            Escalated = open.GetValueOrDefault((link.Controller, link.System))?.Escalated ?? 0,
        });
    }

    private static StopView? Said(SystemStop? stop, IReadOnlyDictionary<Guid, StaffName> names) => stop is null ? null
        : new StopView(stop.Since, stop.Reason, stop.StoppedBy is { } member ? names.GetValueOrDefault(member)?.DisplayName : null, stop.System == SystemStop.All);

    // Requests on their snapshot still wait for it.
    private async Task<SystemView> DroppedAsync(
        (string Controller, string System) key, string name, int open, int failed, ConnectedSystem? row, SystemStop? stop, IReadOnlyDictionary<Guid, StaffName> names, CancellationToken cancel) => new()
        {
            Controller = key.Controller,
            ControllerName = name,
            System = key.System,
            Label = key.System,
            Binding = await db.Set<RequestTask>().Where(task => task.Controller == key.Controller && task.System == key.System && OpenStates.Contains(task.State))
            .OrderByDescending(task => task.Id).Select(task => task.Binding).FirstAsync(cancel),
            Health = SystemHealth.NotInDataMap,
            OpenTasks = open,
            FailedTasks = failed,
            Stopped = stop is not null,
            Stop = Said(stop, names),
            Reimports = [],
            LastAnswerAt = row?.LastAnswerAt,
            LastErrorAt = row?.LastErrorAt,
            LastError = row?.LastError,
        };

    private static SystemHealth HealthOf(Binding binding, ConnectedSystem? row, bool stopped, int failed, DateTimeOffset now) =>
        stopped ? SystemHealth.Stopped
        : binding == Binding.Manual ? SystemHealth.Manual
        : row is null ? SystemHealth.NotConnected
        : binding == Binding.Http && row.CircuitOpenUntil > now ? SystemHealth.CircuitOpen
        : failed > 0 || row.LastErrorAt > (row.LastAnswerAt ?? DateTimeOffset.MinValue) ? SystemHealth.Failing
        : row.LastAnswerAt is null ? SystemHealth.Unknown
        : SystemHealth.Ok;
}

internal sealed record SystemView
{
    public required string Controller { get; init; }
    public required string ControllerName { get; init; }
    public required string System { get; init; }
    public required string Label { get; init; }
    public required Binding Binding { get; init; }
    public required SystemHealth Health { get; init; }
    public required int OpenTasks { get; init; }
    public required int FailedTasks { get; init; }
    public required bool Stopped { get; init; }

    /// <summary>Since when, by whom and why nothing is sent to it.</summary>
    public StopView? Stop { get; init; }

    /// <summary>Alarms that nobody has seen to: people who were erased and are back.</summary>
    public required IReadOnlyList<ReimportView> Reimports { get; init; }

    public DateTimeOffset? LastAnswerAt { get; init; }
    public DateTimeOffset? LastErrorAt { get; init; }
    public string? LastError { get; init; }

    /// <summary>It failed too often: nothing is pushed to it before then, and everything queued is kept.</summary>
    public DateTimeOffset? CircuitOpenUntil { get; init; }

    /// <summary>Who is written to; null where the controller's own staff do the work.</summary>
    public VendorView? Vendor { get; init; }
}

/// <summary>How it stands with the vendor of a system.</summary>
internal sealed record VendorView
{
    public string Contact { get; init; } = "";
    public DateTimeOffset? LastLinkAt { get; init; }
    public DateTimeOffset? LinkUntil { get; init; }

    /// <summary>What became of the mail with it.</summary>
    public NoticeState? LastMail { get; init; }

    /// <summary>When any link was opened last, by whomever.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Items it was written to about and has not answered.</summary>
    public int OpenItems { get; init; }

    /// <summary>Those of them that staff have to see to.</summary>
    public int Escalated { get; init; }
}

internal sealed record ReimportView(Guid Id, string Reference, ReimportSign Sign, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Times);

internal sealed record StopView(DateTimeOffset Since, string? Reason, string? By, bool AllSystems);

internal enum SystemHealth
{
    /// <summary>It answered last.</summary>
    Ok,
    /// <summary>Its last attempt failed, or some task there has failed.</summary>
    Failing,
    /// <summary>It failed too often and is left alone for a while.</summary>
    CircuitOpen,
    /// <summary>The data map names it no more, and open tasks of earlier requests wait for it.</summary>
    NotInDataMap,
    /// <summary>It has not answered anything yet.</summary>
    Unknown,
    Stopped,
    /// <summary>The data map names it, and no credential was made for it.</summary>
    NotConnected,
    /// <summary>A person does its work.</summary>
    Manual,
}
