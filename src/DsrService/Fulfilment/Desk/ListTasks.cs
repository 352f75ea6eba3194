using System.Globalization;
using System.Text.Json.Serialization;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Requests.Desk;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Desk;

/// <summary>Tasks that wait, of the caller's controllers or, for a system owner, of the systems owned; the most urgent
/// first. Manual tasks come with whose data it is, which is recorded as read.</summary>
internal sealed class ListTasks(DsrDbContext db, OpenTasks tasks, DataMaps maps, AccessLog access, TimeProvider time)
{
    private static readonly TaskState[] Waiting = [TaskState.Sent, TaskState.Accepted, TaskState.Failed];

    public async Task<Result<TaskList>> HandleAsync(StaffCaller caller, TaskFilter filter, CancellationToken cancel)
    {
        var cursor = filter.Cursor is null ? null : RequestCursor.Parse(filter.Cursor, RequestSort.DueOn);
        if (filter.Cursor is not null && cursor is null)
            return Failure.Invalid(new Dictionary<string, string[]> { ["cursor"] = ["Not a cursor of this list."] });

        var query = Query(caller, filter);
        var total = await query.CountAsync(cancel);
        if (cursor is not null)
            query = query.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.Request.DueEndAt, row.Task.Id), ValueTuple.Create(cursor.At, cursor.Id)));
        var rows = await query.OrderBy(row => row.Request.DueEndAt).ThenBy(row => row.Task.Id).Take(filter.Limit + 1).ToListAsync(cancel);
        var page = rows.Take(filter.Limit).ToList();

        var opened = await OpenAsync(caller, page, cancel);
        var controllers = page.Select(row => row.Task.Controller).Distinct().ToList();
        var stops = await db.Set<SystemStop>().AsNoTracking().Where(stop => controllers.Contains(stop.Controller)).ToListAsync(cancel);
        var items = new List<TaskListItem>();
        foreach (var row in page)
            items.Add(Item(row, caller, stops.Exists(stop => stop.Holds(row.Task.Controller, row.Task.System)), (await maps.ForAsync(row.Request.DataMapVersion, cancel)).System(row.Task.System), opened.GetValueOrDefault(row.Task.Id)));
        return new TaskList
        {
            Items = items,
            Next = rows.Count > filter.Limit ? new RequestCursor(RequestSort.DueOn, page[^1].Request.DueEndAt, page[^1].Task.Id).ToString() : null,
            Total = total,
            TotalText = total.ToString(CultureInfo.InvariantCulture),
        };
    }

    private IQueryable<LiveTask> Query(StaffCaller caller, TaskFilter filter)
    {
        var controllers = caller.ReadableControllers.ToArray();
        var owned = caller.Grants.Where(grant => grant.Role == StaffRole.SystemOwner).Select(grant => $"{grant.Controller}/{grant.System}").ToArray();
        TaskState[] states = filter.State is { } state ? [state] : Waiting;
        var query = LiveTask.In(db, [.. RequestStatuses.Open]).AsNoTracking().Where(row => states.Contains(row.Task.State)
            && (controllers.Contains(row.Task.Controller) || owned.Contains(row.Task.Controller + "/" + row.Task.System)));
        if (filter.Controller is { } controller)
            query = query.Where(row => row.Task.Controller == controller);
        if (filter.System is { } system)
            query = query.Where(row => row.Task.System == system);
        if (filter.Binding is { } binding)
            query = query.Where(row => row.Task.Binding == binding);
        return query;
    }

    // Only what a person works by hand needs to say whose data it is: as it would go to a system.
    private async Task<IReadOnlyDictionary<Guid, SystemTask>> OpenAsync(StaffCaller caller, List<LiveTask> page, CancellationToken cancel)
    {
        var workable = page.FindAll(row => IsWorkable(row.Task));
        foreach (var request in workable.Select(row => row.Request).DistinctBy(request => request.Id))
            await access.RecordAsync(caller.Id, request.Controller, request.Id, "task", cancel);
        return (await tasks.HandleAsync(workable.ConvertAll(row => row.Task), time.GetUtcNow(), cancel)).ToDictionary(sent => sent.Task.TaskId, sent => sent.Task);
    }

    private static TaskListItem Item(LiveTask row, StaffCaller caller, bool stopped, MappedSystem system, SystemTask? sent) => new()
    {
        TaskId = row.Task.Id,
        Reference = row.Request.Reference,
        Controller = row.Task.Controller,
        System = row.Task.System,
        Label = system.Label.English,
        Binding = row.Task.Binding,
        Action = row.Task.Action,
        Preview = row.Task.Preview,
        Verifies = row.Task.Verifies,
        Right = row.Request.Right,
        State = row.Task.State,
        Outcome = row.Task.Outcome,
        Since = row.Task.Since,
        DueOn = row.Request.ExtendedTo ?? row.Request.DueOn,
        Attempts = row.Task.Attempt,
        NextAttemptAt = row.Task.GoesOutAgainAt,
        LastError = row.Task.LastError,
        SystemStopped = stopped,
        Scope = row.Task.ScopeItems,
        Identifiers = sent?.Identifiers,
        Corrections = sent?.Corrections,
        CanComplete = IsWorkable(row.Task) && (caller.Has(StaffRole.Agent, row.Task.Controller) || caller.Owns(row.Task.Controller, row.Task.System)),
    };

    private static bool IsWorkable(RequestTask task) => task is { Binding: Binding.Manual, State: TaskState.Sent or TaskState.Accepted };
}

internal sealed record TaskList
{
    public required IReadOnlyList<TaskListItem> Items { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Next { get; init; }

    public required int Total { get; init; }
    public required string TotalText { get; init; }
}

internal sealed record TaskListItem
{
    public required Guid TaskId { get; init; }
    public required string Reference { get; init; }
    public required string Controller { get; init; }
    public required string System { get; init; }
    public required string Label { get; init; }
    public required Binding Binding { get; init; }
    public required TaskAction Action { get; init; }
    public required bool Preview { get; init; }
    public Guid? Verifies { get; init; }
    public required Right Right { get; init; }
    public required TaskState State { get; init; }
    public ReceiptOutcome? Outcome { get; init; }
    public required DateTimeOffset Since { get; init; }

    /// <summary>The day by which the request is to be answered.</summary>
    public required DateOnly DueOn { get; init; }

    public required int Attempts { get; init; }
    public DateTimeOffset? NextAttemptAt { get; init; }
    public string? LastError { get; init; }

    /// <summary>Waits for the start of its system, whatever else it waits for.</summary>
    public required bool SystemStopped { get; init; }

    public required IReadOnlyList<ScopeItem> Scope { get; init; }

    /// <summary>Whose data it is; only where a person works the task.</summary>
    public IReadOnlyList<SubjectIdentifier>? Identifiers { get; init; }

    public IReadOnlyList<Correction>? Corrections { get; init; }

    /// <summary>Whether the caller may say what was done.</summary>
    public required bool CanComplete { get; init; }
}
