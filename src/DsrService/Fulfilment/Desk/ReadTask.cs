using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment.Restores;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Desk;

/// <summary>Opens one task: for staff of the controller and for the owner of the system, who sees nothing else of the
/// request. Whose data it is comes with a task that is worked by hand, and is recorded as read.</summary>
internal sealed class ReadTask(DsrDbContext db, RequestKeys keys, OpenTasks tasks, DataMaps maps, StaffDirectory staff, AccessLog access, TimeProvider time)
{
    public async Task<Result<TaskDetail>> HandleAsync(string reference, Guid taskId, StaffCaller caller, CancellationToken cancel)
    {
        var found = await (from task in db.Set<RequestTask>().AsNoTracking()
                           join request in db.Set<DataSubjectRequest>().AsNoTracking() on task.RequestId equals request.Id
                           where task.Id == taskId && request.Reference == reference
                           select new { Task = task, Request = request }).SingleOrDefaultAsync(cancel);
        if (found is null || !(caller.ReadableControllers.Contains(found.Task.Controller) || caller.Owns(found.Task.Controller, found.Task.System)))
            return TaskFailures.NotFound;
        await access.RecordAsync(caller.Id, found.Request.Controller, found.Request.Id, "task", cancel);

        var (row, owner) = (found.Request, found.Task);
        var key = keys.Open(row);
        var map = await maps.ForAsync(row.DataMapVersion, cancel);
        var stopped = await db.Set<SystemStop>().AnyAsync(stop => stop.Controller == owner.Controller && (stop.System == SystemStop.All || stop.System == owner.System), cancel);
        var names = await staff.NamesAsync(owner.SetAsideBy is { } member ? [member] : [], cancel);
        // Whoever works it by hand sees what would go to a system.
        var sent = owner.Binding == Binding.Manual ? (await tasks.HandleAsync([owner], time.GetUtcNow(), cancel))[0].Task : null;
        var works = caller.Has(StaffRole.Agent, owner.Controller);
        var restoredTo = await db.Set<Restore>().Where(restore => restore.Id == owner.Restore).Select(restore => (DateTimeOffset?)restore.RestoredTo).SingleOrDefaultAsync(cancel);
        return new TaskDetail(TaskView.Of(owner, row, key, stopped, names) with { RestoredTo = restoredTo }, row.Reference, row.Right, row.Status, row.ExtendedTo ?? row.DueOn, map)
        {
            Identifiers = sent?.Identifiers ?? [],
            Corrections = sent?.Corrections ?? [],
            Files = await db.Set<StoredFile>().AsNoTracking().Where(file => file.TaskId == owner.Id).OrderBy(file => file.CreatedAt)
                .Select(file => new TaskFile(file.Part, file.Category!, file.Records, file.Length)).ToListAsync(cancel),
            ForStaff = caller.ReadableControllers.Contains(owner.Controller),
            CanComplete = (row.Status.IsOpen() || owner.OutlivesRequest) && owner is { Binding: Binding.Manual, State: TaskState.Sent or TaskState.Accepted, ReplacedBy: null }
                && (works || caller.Owns(owner.Controller, owner.System)),
            CanRetry = works && (row.Status.IsOpen() || owner.OutlivesRequest) && owner.ReplacedBy is null && owner.Binding != Binding.Manual && owner.State is TaskState.Sent or TaskState.Accepted or TaskState.Failed,
            CanSetAside = works && owner.MayBeSetAside(row.Status) && !owner.HasEnded,
        };
    }
}

internal sealed record TaskDetail(TaskView Task, string Reference, Right Right, RequestStatus Status, DateOnly DueOn, ControllerDataMap Map)
{
    public required IReadOnlyList<SubjectIdentifier> Identifiers { get; init; }
    public required IReadOnlyList<Correction> Corrections { get; init; }

    /// <summary>What was handed over so far.</summary>
    public required IReadOnlyList<TaskFile> Files { get; init; }

    /// <summary>Whether the caller may see the request it belongs to.</summary>
    public required bool ForStaff { get; init; }
    public required bool CanComplete { get; init; }
    public required bool CanRetry { get; init; }
    public required bool CanSetAside { get; init; }

    public AskedWork Asked => new(Task.Action, Task.Scope, TakesFiles ? Files : null);

    /// <summary>Whether files are handed over for it.</summary>
    public bool TakesFiles => Task is { Action: TaskAction.Access or TaskAction.Export, Preview: false };
}

internal sealed record TaskFile(string Part, string Category, int Records, long Length);
