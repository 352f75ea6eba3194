using System.Text.Json;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment;

/// <summary>What a receipt that passed its checks does to its request: it is kept as evidence, it ends its task, what the
/// system kept and found is remembered, and the task whose effect it looked for is judged.</summary>
internal sealed class ReceiptEffects(DsrDbContext db, AuditLog audit, TimeProvider time)
{
    public void Apply(OpenRequest open, RequestTask task, Receipt receipt, byte[] hash, ControllerHash hashes)
    {
        var late = task.State == TaskState.SetAside || !open.Request.Status.IsOpen() && !task.OutlivesRequest;
        Keep(open, task, receipt, hash, late ? ReceiptVerdict.Late : ReceiptVerdict.Counted);
        KeepTrack(open.Request, task, receipt);
        if (late)
        {
            audit.Record(db, open.Request, AuditLog.System(task.Controller, task.System), "receipt.late", new { task = task.Id, receipt.Outcome, hash });
            return;
        }
        Count(open, task, receipt, hash);
        Learn(open, task.System, receipt, hashes);
        if (task.Verifies is { } verified)
            Judge(open.Request, open.Tasks.Single(row => row.Id == verified), task, receipt);
        open.Moved = true;
    }

    private void Keep(OpenRequest open, RequestTask task, Receipt receipt, byte[] hash, ReceiptVerdict verdict)
    {
        var id = Guid.CreateVersion7();
        db.AddLeaf(new TaskReceipt
        {
            Id = id,
            TaskId = task.Id,
            RequestId = open.Request.Id,
            ReceivedAt = time.GetUtcNow(),
            Body = open.Key.SealJson(TaskReceipt.BodyField(id), receipt),
            ContentHash = hash,
            Verdict = verdict,
        });
    }

    private void Count(OpenRequest open, RequestTask task, Receipt receipt, byte[] hash)
    {
        var now = time.GetUtcNow();
        // A system that will not or cannot do it leaves the task to a person: tried again, or set aside with a reason.
        var problem = receipt.Outcome == ReceiptOutcome.Refused && !task.Preview && task.Action != TaskAction.Notify ? TaskErrors.Refused
            : Restricted(open, task) ? ProblemOfLifting(receipt) : null;
        var stuck = problem is not null;
        task.State = stuck ? TaskState.Failed : TaskState.Done;
        task.LastError = problem;
        task.Outcome = receipt.Outcome;
        task.Items = JsonSerializer.Serialize(receipt.Items, DsrJson.Options);
        task.Messages = receipt.Messages.Count > 0 ? open.Key.SealJson(TaskFields.Messages(task.Id), receipt.Messages) : null;
        task.Handler = receipt.Handler;
        task.HandledAt = receipt.HandledAt;
        task.EndedAt = stuck ? null : now;
        task.Since = now;
        task.NextAttemptAt = null;
        task.SentAt ??= now;
        audit.Record(db, open.Request, AuditLog.System(task.Controller, task.System), "task.answered", new
        {
            task = task.Id,
            task.Action,
            preview = task.Preview ? true : (bool?)null,
            receipt.Outcome,
            items = receipt.Items.Select(item => item with { Reason = null, LegalBasis = null, Handle = null }).ToArray(),
            receipt = hash,
        });
    }

    // What a system has restricted it must be able to find again: else the restriction is still there, and nobody knows.
    private static bool Restricted(OpenRequest open, RequestTask task) => task.Action == TaskAction.LiftRestriction
        && open.Tasks.Exists(other => other is { Action: TaskAction.Restrict, Preview: false, ReplacedBy: null } && other.System == task.System
            && (other.IsUncounted || other.ReceiptItems.Exists(item => item.Restricted > 0)));

    private static string? ProblemOfLifting(Receipt receipt) =>
        receipt.Items.Any(item => item.Retained > 0) ? TaskErrors.StillRestricted
        : receipt.Outcome is ReceiptOutcome.NothingFound or ReceiptOutcome.NotHeld || receipt.Items.Count > 0 && receipt.Items.All(item => item.Found == 0) ? TaskErrors.NothingToLift
        : null;

    // Late or not: what a system keeps must be known, or nothing would ever erase it (invariant 15).
    private void KeepTrack(DataSubjectRequest request, RequestTask task, Receipt receipt)
    {
        if (task is not { Action: TaskAction.Erase, Preview: false })
            return;
        if (task.Redoes is not null)
            Supersede(request, task, receipt);
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
                Until = LastDay(task, item),
                RecordedAt = time.GetUtcNow(),
            });
    }

    // The last day is the law's: a system may keep for less than its task allows, and not for longer.
    private static DateOnly? LastDay(RequestTask task, ReceiptItem item)
    {
        var lawful = task.ScopeItems.Find(scope => scope.Category == item.Category && scope.Decision == ScopeDecision.Keep)?.Until;
        return item.Until is { } said && !(lawful < said) ? said : lawful;
    }

    // Done again after a restore it keeps the same once more: the former rows say it twice, and may name handles of records
    // that are gone.
    private void Supersede(DataSubjectRequest request, RequestTask task, Receipt receipt)
    {
        var kept = receipt.Items.Where(item => item.Retained > 0).Select(item => item.Category).ToList();
        db.RemoveRange(db.Set<KeptItem>().Where(item => item.Reference == request.Reference && item.System == task.System
            && kept.Contains(item.Category) && item.EndedAt == null && item.Erasure == null));
    }

    // What one system finds feeds the next. A system that knew the person by a verified identifier vouches for the others
    // it keeps with it; its own mark is kept where it is not sure.
    private void Learn(OpenRequest open, string system, Receipt receipt, ControllerHash hashes)
    {
        if (receipt.Identifiers is not { Count: > 0 } found)
            return;
        var gives = open.Map.System(system).Gives;
        var learnt = new List<string>();
        foreach (var identifier in found.Where(identifier => gives.Contains(identifier.Kind)))
        {
            var value = identifier.Value.Reveal();
            var hashed = hashes.Identifier(identifier.Kind, open.Map.FindIdentifierKind(identifier.Kind)!.Normalise(value));
            if (open.Identifiers.Find(row => row.Kind == identifier.Kind && row.Hash.AsSpan().SequenceEqual(hashed)) is { } former)
            {
                former.Verified |= identifier.Verified;
                continue;
            }
            var id = Guid.CreateVersion7();
            var row = new RequestIdentifier
            {
                Id = id,
                RequestId = open.Request.Id,
                Controller = open.Request.Controller,
                Kind = identifier.Kind,
                Value = open.Key.SealText(RequestIdentifier.ValueField(id), value),
                Hash = hashed,
                Verified = identifier.Verified,
                Source = system,
            };
            open.Identifiers.Add(row);
            db.Add(row);
            learnt.Add(identifier.Kind);
        }
        if (learnt.Count > 0)
            audit.Record(db, open.Request, AuditLog.System(open.Request.Controller, system), "identifiers.found", new { kinds = learnt });
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
        : claimed.ReceiptItems.Where(item => item.Category == found.Category).Sum(item => item.Retained);
}
