using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Web;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Restores;

/// <summary>The owner of a system states to which moment it was restored: every change made there since is made again by
/// new tasks and verified (law: what was erased must not come back from a backup). The same statement has one effect.</summary>
internal sealed class StateRestore(DsrDbContext db, WorkSignal signal, KeyRing ring, DataMaps maps, AuditLog audit, TimeProvider time)
{
    private const int LargestBody = 4 * 1024;

    internal sealed record Input(DateTimeOffset? RestoredTo);

    internal sealed record Output(Guid Restore, string Controller, string System, DateTimeOffset RestoredTo, DateTimeOffset StatedAt, IReadOnlyList<RedoneTask> Tasks);

    internal sealed record RedoneTask(Guid TaskId, Guid Redoes, string Reference, TaskAction Action, TaskState State);

    public async Task<Result<Output>> HandleAsync(string controller, string system, StaffCaller caller, Input input, CancellationToken cancel)
    {
        if (!caller.Has(StaffRole.Admin, controller) && !caller.Owns(controller, system)
            || await maps.CurrentAsync(controller, cancel) is not { } current || current.Map.Systems.FirstOrDefault(row => row.Key == system) is not { } mapped)
            return Failure.NotFound("system.not_found");
        if (Check(input, mapped, current.Map.Controller) is { } wrong)
            return wrong;
        // Postgres keeps microseconds; the same statement must be known again.
        var restoredTo = input.RestoredTo!.Value.ToUniversalTime();
        restoredTo = restoredTo.AddTicks(-(restoredTo.Ticks % TimeSpan.TicksPerMicrosecond));
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var lockName = KeepForRestore.LockName(controller, system);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext({lockName}))", cancel);
        if (await db.Set<Restore>().SingleOrDefaultAsync(row => row.Controller == controller && row.System == system && row.RestoredTo == restoredTo, cancel) is { } former)
            return await SaidAsync(former, cancel);

        var restore = new Restore
        {
            Id = Guid.CreateVersion7(),
            Controller = controller,
            System = system,
            RestoredTo = restoredTo,
            StatedAt = time.GetUtcNow(),
            StatedBy = caller.Id,
        };
        db.Add(restore);
        var redone = await AddTasksAsync(restore, mapped, current.Map, cancel);
        audit.Record(db, await Installation.LockAsync(db, cancel), caller.Actor, "system.restored",
            new { controller, system, restoredTo, again = redone.Select(task => new { task = task.Id, task.Redoes, task.Action }) });
        await work.CommitAsync(cancel);
        return await SaidAsync(restore, cancel);
    }

    private async Task<List<RequestTask>> AddTasksAsync(Restore restore, MappedSystem mapped, ControllerDataMap map, CancellationToken cancel)
    {
        var records = await db.Set<RedoRecord>().AsNoTracking()
            .Where(record => record.Controller == restore.Controller && record.System == restore.System && record.DoneAt >= restore.RestoredTo).ToListAsync(cancel);
        var tasks = RedoOrder.Of(map, records.Select(record => new RedoOrder.Change(record, record.Open(ring))))
            .Select(entry => KeepForRestore.Again(mapped.Binding, restore, entry.Change.Record, entry.Change.Content, entry.After?.Record.TaskId, restore.StatedAt)).ToList();
        db.AddRange(tasks);
        return tasks;
    }

    private Failure? Check(Input input, MappedSystem mapped, ControllerFacts controller)
    {
        if (mapped.BackupPeriod is not { } period)
            return new Failure("restore.no_backups", "The data map names no backups of this system, so nothing is on record that could be done again.");
        if (input.RestoredTo is not { } restoredTo)
            return Wrong("Say to which moment the system was restored, such as 2026-03-01T04:00:00Z.");
        if (restoredTo > time.GetUtcNow())
            return Wrong("This moment is still to come.");
        return period.After(DateOnly.FromDateTime(restoredTo.UtcDateTime)) < controller.Today(time)
            ? Wrong($"The backups of this system live for {period}: what was done at that time is no longer on record. Restore a younger backup.")
            : null;
    }

    private async Task<Output> SaidAsync(Restore restore, CancellationToken cancel) => new(restore.Id, restore.Controller, restore.System, restore.RestoredTo, restore.StatedAt,
        await (from task in db.Set<RequestTask>().AsNoTracking()
               join request in db.Set<DataSubjectRequest>() on task.RequestId equals request.Id
               where task.Restore == restore.Id && task.Verifies == null && task.ReplacedBy == null
               orderby task.Redoes
               select new RedoneTask(task.Id, task.Redoes!.Value, request.Reference, task.Action, task.State)).ToListAsync(cancel));

    private static Failure Wrong(string message) => Failure.Invalid(new Dictionary<string, string[]> { ["restoredTo"] = [message] });

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/systems/{controller}/{system}/restores", async (string controller, string system, HttpRequest http, StaffCaller caller, StateRestore operation, CancellationToken cancel) =>
        {
            var input = await JsonBody.ReadAsync<Input>(http, LargestBody, cancel);
            return input.Failed ? input.Failure.ToProblem() : (await operation.HandleAsync(controller, system, caller, input.Value, cancel)).ToHttp();
        }).ForStaff(StaffRole.Admin, StaffRole.SystemOwner);
}
