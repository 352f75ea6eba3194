using System.Security.Cryptography;
using System.Text.Json;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment.Restores;
using DsrService.Response;
using DsrService.Restrictions;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A system's answer. It counts once: the same again changes nothing, another one is refused, and one that comes
/// too late is kept and reopens nothing. What it says decides what follows.</summary>
internal sealed class RecordReceipt(
    DsrDbContext db, WorkSignal signal, RequestKeys keys, IdentifierHashes hashes, DataMaps maps, ReceiptEffects effects, Progress progress, EndKeptItems kept, KeepStates states, NoticeReimports reimports, KeepForRestore restores, SystemHealth health)
{
    /// <summary>A receipt with its identifiers opened, and whose it is.</summary>
    public sealed record Input(string Controller, string System, Receipt Receipt);

    private sealed record Uploaded(Guid Task, string Category, int Records);

    public async Task<Result<TaskOutput>> HandleAsync(string controller, string system, Receipt receipt, CancellationToken cancel) =>
        (await HandleAsync([new(controller, system, receipt)], cancel))[0];

    /// <summary>Several in one transaction; one that is refused takes nothing from the others.</summary>
    public async Task<IReadOnlyList<Result<TaskOutput>>> HandleAsync(IReadOnlyList<Input> receipts, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var requests = await OpenRequest.LockForTasksAsync(work, keys, maps, [.. receipts.Select(one => (one.Controller, one.System, one.Receipt.TaskId))], cancel);
        var open = requests.Values.SelectMany(request => request.Tasks.Select(task => (request, task))).ToDictionary(pair => pair.task.Id);
        var answered = receipts.Select(one => one.Receipt.TaskId).Distinct().ToList();
        var known = await KnownAsync(answered, cancel);
        var uploaded = await UploadedAsync([.. open.Values.Select(pair => pair.task).Where(task => answered.Contains(task.Id) && Uploads(task))], cancel);

        var results = new List<Result<TaskOutput>>(receipts.Count);
        var counted = new List<(OpenRequest Open, RequestTask Task)>();
        foreach (var (controller, system, receipt) in receipts)
        {
            if (!open.TryGetValue(receipt.TaskId, out var found) || found.task.Controller != controller || found.task.System != system)
            {
                results.Add(TaskFailures.NotFound);
                continue;
            }
            var (request, task) = found;
            var hash = ContentHash(receipt);
            if (known.Contains((task.Id, Convert.ToHexString(hash))))
                results.Add(TaskOutput.Of(task));
            else if (Refuse(request, task, receipt, Uploads(task) ? uploaded[task.Id] : null) is { } refusal)
                results.Add(refusal);
            else
            {
                effects.Apply(request, task, receipt, hash, await hashes.ForAsync(db, controller, cancel));
                known.Add((task.Id, Convert.ToHexString(hash)));
                counted.Add(found);
                results.Add(TaskOutput.Of(task));
            }
        }
        foreach (var request in requests.Values.Where(request => request.Moved))
        {
            progress.Advance(work, request);
            await kept.HandleAsync(request, cancel);
        }
        await states.AfterReceiptsAsync(requests.Values.Where(request => request.Moved), cancel);
        await reimports.AfterReceiptsAsync(counted, cancel);
        await restores.AfterReceiptsAsync(counted, cancel);
        await work.CommitAsync(cancel);
        foreach (var (controller, system) in receipts.Zip(results).Where(pair => !pair.Second.Failed).Select(pair => (pair.First.Controller, pair.First.System)).Distinct())
            await health.AnsweredAsync(controller, system, cancel);
        return results;
    }

    private async Task<HashSet<(Guid Task, string Hash)>> KnownAsync(List<Guid> tasks, CancellationToken cancel)
    {
        var rows = await db.Set<TaskReceipt>().Where(row => tasks.Contains(row.TaskId))
            .Select(row => new { row.TaskId, row.ContentHash }).ToListAsync(cancel);
        return [.. rows.Select(row => (row.TaskId, Convert.ToHexString(row.ContentHash)))];
    }

    private async Task<ILookup<Guid, Uploaded>> UploadedAsync(List<RequestTask> tasks, CancellationToken cancel)
    {
        var ids = tasks.ConvertAll(task => task.Id);
        return ids.Count == 0
            ? Enumerable.Empty<Uploaded>().ToLookup(row => row.Task)
            : (await db.Set<StoredFile>().Where(file => ids.Contains(file.TaskId!.Value)).GroupBy(file => new { file.TaskId, file.Category })
                .Select(group => new Uploaded(group.Key.TaskId!.Value, group.Key.Category!, group.Sum(file => file.Records))).ToListAsync(cancel))
                .ToLookup(row => row.Task);
    }

    private static bool Uploads(RequestTask task) => task is { Preview: false, Action: TaskAction.Access or TaskAction.Export };

    private static Failure? Refuse(OpenRequest open, RequestTask task, Receipt receipt, IEnumerable<Uploaded>? uploaded)
    {
        if (task.Attempt == 0)
            return TaskFailures.NotSent;
        if (task.Outcome is not null)
            return new Failure("receipt.contradicts_earlier", "A different receipt for this task has been counted already.");
        var system = open.Map.System(task.System);
        var problems = ReceiptCheck.Check(AsSent(task), receipt, uploaded?.ToDictionary(row => row.Category, row => row.Records), system.Gives).ToList();
        var held = open.Map.CategoriesAt(task.System).Select(category => category.Key).ToHashSet(StringComparer.Ordinal);
        for (var at = 0; at < receipt.Items.Count; at++)
            if (receipt.Items[at] is { } item && !held.Contains(item.Category))
                problems.Add(new ReceiptProblem("receipt.unknown_category", $"items[{at}].category", "The data map knows no such category at this system."));
        return problems.Count == 0
            ? null
            : new Failure("receipt.contradictory", "The receipt contradicts its task or itself.", StatusCodes.Status422UnprocessableEntity)
            {
                Errors = problems.GroupBy(found => found.Path).ToDictionary(group => group.Key, group => group.Select(found => $"{found.Code}: {found.Message}").ToArray()),
            };
    }

    private static SystemTask AsSent(RequestTask task) => new()
    {
        TaskId = task.Id,
        Reference = "",
        Controller = task.Controller,
        System = task.System,
        Action = task.Action,
        Scope = task.ScopeItems,
        IssuedAt = default,
        DueAt = default,
        Attempt = task.Attempt,
        Preview = task.Preview,
        Verifies = task.Verifies,
    };

    private static byte[] ContentHash(Receipt receipt) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(receipt with { HandledAt = default, Sealed = null }, DsrJson.Options));
}
