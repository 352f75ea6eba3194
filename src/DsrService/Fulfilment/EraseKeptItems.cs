using System.Text.Json;
using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>Has erased what was kept after an erasure, the day after its last day (Art. 5(1)(e), 17(3)): the system gets a
/// new task with the handle it gave itself, so nothing of the person needs to be known any more.</summary>
internal sealed class EraseKeptItems(DsrDbContext db, WorkSignal signal, DataMaps maps, AuditLog audit, TimeProvider time) : IRecurring
{
    private const int BatchSize = 200;

    public static string Name => "erase-kept-items";

    public static TimeSpan Every => TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        var last = "";
        while (await NextAsync(last, cancel) is { Count: > 0 } batch)
        {
            foreach (var reference in batch)
                await EraseAsync(reference, cancel);
            last = batch[^1];
        }
    }

    private Task<List<string>> NextAsync(string after, CancellationToken cancel)
    {
        // A day early, since the day begins earlier in the east; each controller's own day decides below.
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1);
        return db.Set<KeptItem>().AsNoTracking()
            .Where(item => item.Until < today && item.Erasure == null && item.EndedAt == null && string.Compare(item.Reference, after) > 0)
            .Select(item => item.Reference).Distinct().OrderBy(reference => reference).Take(BatchSize).ToListAsync(cancel);
    }

    private async Task EraseAsync(string reference, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(reference, cancel) is not { } request)
            return;
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var today = map.Controller.Today(time);
        var due = (await db.Set<KeptItem>().Where(item => item.Reference == reference && item.Until < today && item.Erasure == null && item.EndedAt == null).ToListAsync(cancel))
            .Where(item => item.Handle is not null || map.System(item.System).Binding == Binding.Manual).ToList();
        if (due.Count == 0)
            return;
        var now = time.GetUtcNow();
        foreach (var system in due.GroupBy(item => item.System, StringComparer.Ordinal))
        {
            var task = new RequestTask
            {
                Id = Guid.CreateVersion7(),
                RequestId = request.Id,
                Controller = request.Controller,
                System = system.Key,
                Binding = map.System(system.Key).Binding,
                Action = TaskAction.Erase,
                Step = RequestTask.KeptStep + system.Key,
                Scope = JsonSerializer.Serialize(system.Select(item => new ScopeItem { Category = item.Category, Decision = ScopeDecision.Act, Handle = item.Handle }), DsrJson.Options),
                CreatedAt = now,
                Since = now,
                NextAttemptAt = now,
            };
            db.Add(task);
            foreach (var item in system)
                item.Erasure = task.Id;
            audit.Record(db, request, AuditLog.Service, "kept.ended", new { task = task.Id, task.System, items = system.Select(item => new { item.Category, item.Until, item.Count }) });
        }
        await work.CommitAsync(cancel);
    }
}
