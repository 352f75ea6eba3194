using System.Text.Json;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Restrictions;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Restores;

/// <summary>Keeps, in the transaction of its receipt, what a change takes to be done again while backups of its system may
/// undo it; and goes on with what is being done again.</summary>
internal sealed class KeepForRestore(DsrDbContext db, KeyRing ring, TimeProvider time)
{
    public async Task AfterReceiptsAsync(IReadOnlyCollection<(OpenRequest Open, RequestTask Task)> counted, CancellationToken cancel)
    {
        var changes = counted.Where(pair => pair.Task is { Changes: true, Verifies: null, State: TaskState.Done }).ToList();
        if (changes.Count == 0)
            return;
        var again = changes.FindAll(pair => pair.Task.Redoes is not null);
        if (again.Count > 0)
            await DoneAgainAsync(again, cancel);
        var kept = changes.Where(pair => pair.Task.Redoes is null && HasEffect(pair.Task)).Select(Keep).OfType<(RequestTask Task, RedoRecord Record, RedoContent Content)>().ToList();
        if (kept.Count > 0)
            await CatchUpAsync(kept, cancel);
    }

    private async Task DoneAgainAsync(List<(OpenRequest Open, RequestTask Task)> again, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var ids = again.Select(pair => pair.Task.Redoes!.Value).ToList();
        var records = await db.Set<RedoRecord>().Where(record => ids.Contains(record.TaskId)).ToDictionaryAsync(record => record.TaskId, cancel);
        foreach (var (open, task) in again)
        {
            // A backup made between the restore and now holds the former state once more.
            if (records.TryGetValue(task.Redoes!.Value, out var record) && open.Map.System(task.System).BackupPeriod is { } period)
                (record.DoneAt, record.ExpiresOn) = (now, period.After(open.Map.Controller.Today(time)));
            await db.Set<RequestTask>().Where(next => next.Restore == task.Restore && next.RedoAfter == task.Redoes && next.State == TaskState.Planned)
                .ExecuteUpdateAsync(update => update.SetProperty(next => next.RedoAfter, (Guid?)null).SetProperty(next => next.NextAttemptAt, now), cancel);
        }
    }

    private (RequestTask, RedoRecord, RedoContent)? Keep((OpenRequest Open, RequestTask Task) change)
    {
        var (open, task) = change;
        if (open.Map.System(task.System).BackupPeriod is not { } period)
            return null;
        var content = new RedoContent(
            task.IsByHandle ? [] : OpenTasks.Identifiers(OpenTasks.IdentifiersFor(task, open.Identifiers, RectifiedIdentifiers.KindsAt(task.System, open.Request, open.Tasks)), open.Request, open.Key),
            task.Action == TaskAction.Rectify ? OpenTasks.Corrections(task, open.Request, open.Key) : null,
            task.ScopeItems);
        var (cipher, key, keyId) = RedoRecord.Seal(ring, task.Id, content);
        var now = time.GetUtcNow();
        var record = new RedoRecord
        {
            TaskId = task.Id,
            RequestId = open.Request.Id,
            Controller = task.Controller,
            System = task.System,
            Action = task.Action,
            FirstDoneAt = now,
            DoneAt = now,
            ExpiresOn = period.After(open.Map.Controller.Today(time)),
            DataKey = key,
            DataKeyId = keyId,
            Content = cipher,
        };
        db.Add(record);
        return (task, record, content);
    }

    // A restore may have been stated while the task was out: what was done before it is gone already.
    private async Task CatchUpAsync(List<(RequestTask Task, RedoRecord Record, RedoContent Content)> kept, CancellationToken cancel)
    {
        foreach (var lockName in kept.Select(change => LockName(change.Task.Controller, change.Task.System)).Distinct().Order(StringComparer.Ordinal))
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared(hashtext({lockName}))", cancel);
        var controllers = kept.Select(change => change.Task.Controller).Distinct().ToList();
        var since = kept.Min(change => change.Task.CreatedAt);
        var restores = await db.Set<Restore>().AsNoTracking().Where(restore => controllers.Contains(restore.Controller) && restore.StatedAt >= since).ToListAsync(cancel);
        foreach (var (task, record, content) in kept)
            // Not by when it was sent: its answer may have been quicker than our writing that down.
            if (restores.Where(restore => restore.Controller == task.Controller && restore.System == task.System && task.CreatedAt <= restore.StatedAt && task.HandledAt <= restore.StatedAt)
                    .MaxBy(restore => restore.StatedAt) is { } restore)
                db.Add(Again(task.Binding, restore, record, content, null, time.GetUtcNow()));
    }

    /// <summary>Held shared while a change is recorded, alone while a restore is stated: no change falls between the two.</summary>
    public static string LockName(string controller, string system) => $"restore:{controller}/{system}";

    public static RequestTask Again(Binding binding, Restore restore, RedoRecord record, RedoContent content, Guid? after, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        RequestId = record.RequestId,
        Controller = record.Controller,
        System = record.System,
        Binding = binding,
        Action = record.Action,
        Step = RequestTask.RedoStep + record.System,
        Scope = JsonSerializer.Serialize(content.Scope, DsrJson.Options),
        Redoes = record.TaskId,
        RedoAfter = after,
        Restore = restore.Id,
        CreatedAt = now,
        Since = now,
        NextAttemptAt = after is null ? now : null,
    };

    // Where nothing was found, nothing comes back that this request has touched.
    private static bool HasEffect(RequestTask task) => task.IsUncounted || task.ReceiptItems
        .Exists(item => item.Erased + item.Anonymised + item.Rectified + item.Restricted + item.Stopped + item.Retained > 0);
}
