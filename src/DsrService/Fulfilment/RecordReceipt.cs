using System.Security.Cryptography;
using System.Text.Json;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A system's answer. It counts once: the same again changes nothing, another one is refused, and one that comes
/// too late is kept and reopens nothing. What it says decides what follows.</summary>
internal sealed class RecordReceipt(DsrDbContext db, WorkSignal signal, RequestKeys keys, IdentifierHashes hashes, DataMaps maps, Progress progress, SystemHealth health, AuditLog audit, TimeProvider time)
{
    /// <summary><paramref name="receipt"/> with its identifiers opened.</summary>
    public async Task<Result<TaskOutput>> HandleAsync(string controller, string system, Receipt receipt, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockForTaskAsync(controller, system, receipt.TaskId, cancel) is not { } request)
            return TaskFailures.NotFound;
        var tasks = await Progress.TasksAsync(db, request, cancel);
        var task = tasks.Single(task => task.Id == receipt.TaskId);
        var map = await maps.ForAsync(request.DataMapVersion, cancel);

        var hash = ContentHash(receipt);
        if (await db.Set<TaskReceipt>().AnyAsync(row => row.TaskId == task.Id && row.ContentHash == hash, cancel))
            return TaskOutput.Of(task);
        if (task.Attempt == 0)
            return TaskFailures.NotSent;
        if (task.Outcome is not null)
            return new Failure("receipt.contradicts_earlier", "A different receipt for this task has been counted already.");
        if (await ProblemAsync(task, receipt, map, cancel) is { } problem)
            return problem;

        var key = keys.Open(request);
        var late = task.State == TaskState.SetAside || !request.Status.IsOpen() && !task.OutlivesRequest;
        Keep(request, task, receipt, key, hash, late ? ReceiptVerdict.Late : ReceiptVerdict.Counted);
        KeepTrack(request, task, receipt);
        if (late)
            audit.Record(db, request, AuditLog.System(controller, system), "receipt.late", new { task = task.Id, receipt.Outcome, hash });
        else
        {
            Count(request, task, receipt, key, controller, system, hash);
            await LearnAsync(request, key, system, map, receipt, cancel);
            if (task.Verifies is { } verified)
                Judge(request, tasks.Single(row => row.Id == verified), task, receipt);
            await progress.AdvanceAsync(work, request, map, PlanRequest.Read(request), tasks, cancel);
        }
        await work.CommitAsync(cancel);
        await health.AnsweredAsync(controller, system, cancel);
        return TaskOutput.Of(task);
    }

    private async Task<Failure?> ProblemAsync(RequestTask task, Receipt receipt, ControllerDataMap map, CancellationToken cancel)
    {
        var uploaded = task is { Preview: false, Action: TaskAction.Access or TaskAction.Export }
            ? await db.Set<StoredFile>().Where(file => file.TaskId == task.Id).GroupBy(file => file.Category!)
                .Select(group => new { Category = group.Key, Records = group.Sum(file => file.Records) })
                .ToDictionaryAsync(row => row.Category, row => row.Records, cancel)
            : null;
        var problems = ReceiptCheck.Check(AsSent(task), receipt, uploaded, map.System(task.System).Gives).ToList();
        var held = map.CategoriesAt(task.System).Select(category => category.Key).ToHashSet(StringComparer.Ordinal);
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
        Scope = JsonSerializer.Deserialize<List<ScopeItem>>(task.Scope, DsrJson.Options)!,
        IssuedAt = default,
        DueAt = default,
        Attempt = task.Attempt,
        Preview = task.Preview,
        Verifies = task.Verifies,
    };

    private void Keep(DataSubjectRequest request, RequestTask task, Receipt receipt, DataKey key, byte[] hash, ReceiptVerdict verdict)
    {
        var id = Guid.CreateVersion7();
        db.Add(new TaskReceipt
        {
            Id = id,
            TaskId = task.Id,
            RequestId = request.Id,
            ReceivedAt = time.GetUtcNow(),
            Body = key.SealJson(TaskReceipt.BodyField(id), receipt),
            ContentHash = hash,
            Verdict = verdict,
        });
    }

    private void Count(DataSubjectRequest request, RequestTask task, Receipt receipt, DataKey key, string controller, string system, byte[] hash)
    {
        var now = time.GetUtcNow();
        // A system that will not do it leaves the task to a person: tried again, or set aside with a reason.
        var stuck = receipt.Outcome == ReceiptOutcome.Refused && !task.Preview
            && task.Action != TaskAction.Notify;
        task.State = stuck ? TaskState.Failed : TaskState.Done;
        task.LastError = stuck ? TaskErrors.Refused : null;
        task.Outcome = receipt.Outcome;
        task.Items = JsonSerializer.Serialize(receipt.Items, DsrJson.Options);
        task.Messages = receipt.Messages.Count > 0 ? key.SealJson(TaskFields.Messages(task.Id), receipt.Messages) : null;
        task.Handler = receipt.Handler;
        task.HandledAt = receipt.HandledAt;
        task.EndedAt = stuck ? null : now;
        task.Since = now;
        task.NextAttemptAt = null;
        task.SentAt ??= now;
        audit.Record(db, request, AuditLog.System(controller, system), "task.answered", new
        {
            task = task.Id,
            task.Action,
            preview = task.Preview ? true : (bool?)null,
            receipt.Outcome,
            items = receipt.Items.Select(item => item with { Reason = null, LegalBasis = null, Handle = null }),
            receipt = hash,
        });
    }

    // Late or not: what a system keeps must be known, or nothing would ever erase it (invariant 15).
    private void KeepTrack(DataSubjectRequest request, RequestTask task, Receipt receipt)
    {
        if (task is not { Action: TaskAction.Erase, Preview: false })
            return;
        foreach (var item in receipt.Items.Where(item => item.Retained > 0))
            db.Add(new KeptItem
            {
                Id = Guid.CreateVersion7(),
                TaskId = task.Id,
                Reference = request.Reference,
                Controller = request.Controller,
                System = task.System,
                Category = item.Category,
                Handle = item.Handle,
                Count = item.Retained,
                Reason = item.Reason!,
                LegalBasis = item.LegalBasis,
                Until = item.Until,
                RecordedAt = time.GetUtcNow(),
            });
    }

    // What one system finds feeds the next. A system that knew the person by a verified identifier vouches for the others
    // it keeps with it; its own mark is kept where it is not sure.
    private async Task LearnAsync(DataSubjectRequest request, DataKey key, string system, ControllerDataMap map, Receipt receipt, CancellationToken cancel)
    {
        if (receipt.Identifiers is not { Count: > 0 } found)
            return;
        var gives = map.System(system).Gives;
        var hash = await hashes.ForAsync(db, request.Controller, cancel);
        var known = await db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id).ToListAsync(cancel);
        var learnt = new List<string>();
        foreach (var identifier in found.Where(identifier => gives.Contains(identifier.Kind)))
        {
            var value = identifier.Value.Reveal();
            var hashed = hash.Identifier(identifier.Kind, map.FindIdentifierKind(identifier.Kind)!.Normalise(value));
            if (known.Find(row => row.Kind == identifier.Kind && row.Hash.AsSpan().SequenceEqual(hashed)) is { } former)
            {
                former.Verified |= identifier.Verified;
                continue;
            }
            var id = Guid.CreateVersion7();
            var row = new RequestIdentifier
            {
                Id = id,
                RequestId = request.Id,
                Controller = request.Controller,
                Kind = identifier.Kind,
                Value = key.SealText(RequestIdentifier.ValueField(id), value),
                Hash = hashed,
                Verified = identifier.Verified,
                Source = system,
            };
            known.Add(row);
            db.Add(row);
            learnt.Add(identifier.Kind);
        }
        if (learnt.Count > 0)
            audit.Record(db, request, AuditLog.System(request.Controller, system), "identifiers.found", new { kinds = learnt });
    }

    /// <summary>Found less retained must be nought: else the effect claimed was not there.</summary>
    private void Judge(DataSubjectRequest request, RequestTask claimed, RequestTask verification, Receipt receipt)
    {
        if (claimed.State == TaskState.SetAside || claimed.ReplacedBy is not null)
            return;
        var now = time.GetUtcNow();
        var left = receipt.Items.Sum(item => item.Found - Math.Min(item.Retained, MayRemain(claimed, item)));
        var proved = left == 0 && receipt.Outcome != ReceiptOutcome.Refused;
        claimed.State = proved ? TaskState.Verified : TaskState.Failed;
        claimed.LastError = proved ? null : TaskErrors.NotVerified;
        claimed.NextAttemptAt = null;
        claimed.Since = now;
        audit.Record(db, request, AuditLog.Service, proved ? "task.verified" : "task.not_verified",
            new { task = claimed.Id, claimed.System, claimed.Action, verification = verification.Id, stillFound = left });
    }

    // After an erasure only what its receipt said was kept may still be there; other actions leave the records in place.
    private static int MayRemain(RequestTask claimed, ReceiptItem found) =>
        claimed.Action != TaskAction.Erase ? found.Retained
        : JsonSerializer.Deserialize<List<ReceiptItem>>(claimed.Items ?? "[]", DsrJson.Options)!.Where(item => item.Category == found.Category).Sum(item => item.Retained);

    private static byte[] ContentHash(Receipt receipt) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(receipt with { HandledAt = default, Sealed = null }, DsrJson.Options));
}
