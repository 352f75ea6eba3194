using System.Globalization;
using System.Text.Json.Serialization;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Requests.Desk;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Desk;

/// <summary>Tasks that wait, of the caller's controllers or, for a system owner, of the systems owned; the most urgent
/// first. Manual tasks come with whose data it is, which is recorded as read.</summary>
internal sealed class ListTasks(DsrDbContext db, RequestKeys keys, DataMaps maps, AccessLog access)
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
            items.Add(Item(row, caller, stops.Exists(stop => stop.Holds(row.Task.Controller, row.Task.System)), (await maps.ForAsync(row.Request.DataMapVersion, cancel)).System(row.Task.System), opened.GetValueOrDefault(row.Request.Id)));
        return new TaskList
        {
            Items = items,
            Next = rows.Count > filter.Limit ? new RequestCursor(RequestSort.DueOn, page[^1].Request.DueEndAt, page[^1].Task.Id).ToString() : null,
            Total = total,
            TotalText = total.ToString(CultureInfo.InvariantCulture),
        };
    }

    private IQueryable<Row> Query(StaffCaller caller, TaskFilter filter)
    {
        var controllers = caller.ReadableControllers.ToArray();
        var owned = caller.Grants.Where(grant => grant.Role == StaffRole.SystemOwner).Select(grant => $"{grant.Controller}/{grant.System}").ToArray();
        TaskState[] states = filter.State is { } state ? [state] : Waiting;
        var open = RequestStatuses.Open.ToArray();
        var query = from task in db.Set<RequestTask>().AsNoTracking()
                    join request in db.Set<DataSubjectRequest>().AsNoTracking() on task.RequestId equals request.Id
                    where (controllers.Contains(task.Controller) || owned.Contains(task.Controller + "/" + task.System))
                        && states.Contains(task.State) && task.ReplacedBy == null
                        && (open.Contains(request.Status) || task.Action == TaskAction.Notify || task.Action == TaskAction.LiftRestriction || task.Action == TaskAction.Release || task.Step.StartsWith(RequestTask.LiftingStep) || task.Step.StartsWith(RequestTask.KeptStep) || task.Redoes != null)
                    select new Row { Task = task, Request = request };
        if (filter.Controller is { } controller)
            query = query.Where(row => row.Task.Controller == controller);
        if (filter.System is { } system)
            query = query.Where(row => row.Task.System == system);
        if (filter.Binding is { } binding)
            query = query.Where(row => row.Task.Binding == binding);
        return query;
    }

    // Only what a person works by hand needs to say whose data it is.
    private async Task<IReadOnlyDictionary<Guid, OpenedSubject>> OpenAsync(StaffCaller caller, List<Row> page, CancellationToken cancel)
    {
        var requests = page.Where(row => IsWorkable(row.Task)).Select(row => row.Request).DistinctBy(request => request.Id).ToList();
        var ids = requests.Select(request => request.Id).ToList();
        var identifiers = (await db.Set<RequestIdentifier>().AsNoTracking().Where(row => ids.Contains(row.RequestId)).OrderBy(row => row.Id).ToListAsync(cancel)).ToLookup(row => row.RequestId);
        var opened = new Dictionary<Guid, OpenedSubject>();
        foreach (var request in requests)
        {
            await access.RecordAsync(caller.Id, request.Controller, request.Id, "task", cancel);
            var key = keys.Open(request);
            opened[request.Id] = new(
                [.. identifiers[request.Id].Where(row => row.Source != RequestIdentifier.Rectification && (row.Verified || request.IdentityConfirmedAt is null))
                    .Select(row => new SubjectIdentifier(row.Kind, key.OpenText(RequestIdentifier.ValueField(row.Id), row.Value), row.Verified))],
                key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake).Corrections);
        }
        return opened;
    }

    private static TaskListItem Item(Row row, StaffCaller caller, bool stopped, MappedSystem system, OpenedSubject? subject) => new()
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
        NextAttemptAt = row.Task.NextAttemptAt,
        LastError = row.Task.LastError,
        SystemStopped = stopped,
        Scope = row.Task.ScopeItems,
        Identifiers = IsWorkable(row.Task) ? subject?.Identifiers : null,
        Corrections = IsWorkable(row.Task) && row.Task.Action == TaskAction.Rectify ? subject?.Corrections : null,
        CanComplete = IsWorkable(row.Task) && (caller.Has(StaffRole.Agent, row.Task.Controller) || caller.Owns(row.Task.Controller, row.Task.System)),
    };

    private static bool IsWorkable(RequestTask task) => task is { Binding: Binding.Manual, State: TaskState.Sent or TaskState.Accepted };

    private sealed class Row
    {
        public required RequestTask Task { get; init; }
        public required DataSubjectRequest Request { get; init; }
    }

    private sealed record OpenedSubject(IReadOnlyList<SubjectIdentifier> Identifiers, IReadOnlyList<Correction> Corrections);
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
