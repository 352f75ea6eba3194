using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>Writes down what came of a batch of attempts. An answer may have been quicker than we are: a task that is
/// further on stays there.</summary>
internal sealed class RecordSending(DsrDbContext db, WorkSignal signal, AuditLog audit, TimeProvider time)
{
    public async Task HandleAsync(IReadOnlyList<Sending> sendings, CancellationToken cancel)
    {
        var ids = sendings.Select(sending => sending.Task.Task.TaskId).ToArray();
        await using var work = await Work.BeginAsync(db, signal, cancel);
        // Most have been answered by now: their requests are left alone.
        var requests = await db.Set<DataSubjectRequest>().FromSql($"""
            SELECT * FROM dsr.requests WHERE id IN (SELECT request_id FROM dsr.tasks
                WHERE id = ANY({ids}) AND outcome IS NULL AND state IN ('planned', 'sent', 'accepted', 'failed'))
            ORDER BY id FOR UPDATE
            """).ToDictionaryAsync(request => request.Id, cancel);
        if (requests.Count == 0)
            return;
        var locked = requests.Keys.ToList();
        var tasks = await db.Set<RequestTask>().Where(task => ids.Contains(task.Id) && locked.Contains(task.RequestId)).ToDictionaryAsync(task => task.Id, cancel);
        var now = time.GetUtcNow();
        foreach (var group in sendings.GroupBy(sending => sending.Task.RequestId))
        {
            var facts = new List<object>();
            foreach (var (outgoing, result) in group)
                if (tasks.TryGetValue(outgoing.Task.TaskId, out var task) && Apply(task, result, outgoing.Task.IssuedAt, now))
                    facts.Add(new { task = task.Id, task.System, task.Action, preview = task.Preview ? true : (bool?)null, task.State, task.Attempt, task.LastError });
            if (facts.Count > 0)
                audit.Record(db, requests[group.Key], AuditLog.Service, "tasks.sent", new { tasks = facts });
        }
        await work.CommitAsync(cancel);
    }

    private static bool Apply(RequestTask task, SendResult result, DateTimeOffset began, DateTimeOffset now)
    {
        // Its system has said already that this attempt failed.
        if (task.State == TaskState.Failed && task.Since > began)
            return false;
        // A task that a peer has in hand is asked about, and what comes of that is known from nobody else.
        var fetchedAndSilent = task.State == TaskState.Accepted
            && (result is SendResult.Waits || task.Binding == Binding.Opendsr && result is SendResult.Failed or SendResult.ByHand);
        if (task.State is not (TaskState.Planned or TaskState.Sent or TaskState.Failed) && !fetchedAndSilent)
            return false;
        if (result is SendResult.Underway)
            return false;
        // A refusal or a disproved receipt stays what it is until a person decides.
        if (task.ReplacedBy is not null || task.Outcome is not null)
            return false;
        var former = (task.State, task.LastError);
        if (result is not SendResult.Withheld)
            task.Messages = null;
        switch (result)
        {
            case SendResult.Failed failed:
                task.State = TaskState.Failed;
                task.LastError = failed.Code;
                task.NextAttemptAt = task.Preview && task.Attempt >= Attempts.ForPreview
                    ? null
                    : now + (failed.RetryAfter is { } wish ? Attempts.NotTooLong(wish) : Attempts.RetryAfter(task.Attempt, Random.Shared.NextDouble()));
                break;
            case SendResult.Postponed later when task.Preview:
                // Approval does not wait for a system that is left alone.
                task.State = TaskState.Failed;
                task.LastError = later.Code;
                task.NextAttemptAt = task.Attempt >= Attempts.ForPreview ? null : now + later.After;
                break;
            case SendResult.Postponed later:
                // Not all at once when it is back.
                task.Attempt--;
                task.LastError = later.Code;
                task.NextAttemptAt = now + later.After * (1 + Random.Shared.NextDouble() / 10);
                return false;
            case SendResult.Withheld:
                task.Attempt--;
                task.NextAttemptAt = now;
                return false;
            case SendResult.ByHand lacks when task.Preview:
                task.State = TaskState.Failed;
                task.LastError = lacks.Code;
                task.NextAttemptAt = null;
                break;
            case SendResult.ByHand lacks:
                task.Binding = Binding.Manual;
                task.State = TaskState.Sent;
                task.LastError = lacks.Code;
                task.NextAttemptAt = null;
                break;
            case SendResult.Waits:
                task.State = TaskState.Sent;
                task.NextAttemptAt = null;
                task.LastError = null;
                break;
            case SendResult.Accepted:
                task.State = TaskState.Accepted;
                task.AcceptedAt ??= now;
                task.SentAt ??= now;
                task.NextAttemptAt = now + Attempts.Lease;
                task.LastError = null;
                break;
            case var _ when task.Preview && task.Attempt > Attempts.ForPreview:
                // Approval must not hang on a system that does not say what would go: it is shown that no preview was had.
                task.State = TaskState.Failed;
                task.LastError = TaskErrors.NoPreview;
                task.NextAttemptAt = null;
                break;
            default:
                task.State = TaskState.Sent;
                task.NextAttemptAt = task.GoesOutAgainAt;
                task.LastError = null;
                break;
        }
        task.SentAt ??= task.State == TaskState.Sent ? now : null;
        if (former == (task.State, task.LastError))
            return false;
        task.Since = now;
        return true;
    }
}
