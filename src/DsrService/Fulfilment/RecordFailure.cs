using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A system says that this attempt failed, or gave a receipt that was refused; it is asked again. What it says to the
/// agent stands with the task until it is sent once more.</summary>
internal sealed class RecordFailure(DsrDbContext db, WorkSignal signal, RequestKeys keys, SystemHealth health, AuditLog audit, TimeProvider time)
{
    private static readonly TimeSpan LongestWish = TimeSpan.FromDays(7);

    public async Task<Result<TaskOutput>> HandleAsync(string controller, string system, TaskFailure message, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockForTaskAsync(controller, system, message.TaskId, cancel) is not { } request)
            return TaskFailures.NotFound;
        var task = await db.Set<RequestTask>().SingleAsync(task => task.Id == message.TaskId, cancel);
        if (task.Attempt == 0)
            return TaskFailures.NotSent;
        if (task.State is TaskState.Planned or TaskState.Sent or TaskState.Accepted or TaskState.Failed && task.ReplacedBy is null && task.Outcome is null)
        {
            var now = time.GetUtcNow();
            var key = keys.Open(request);
            var words = Words(message.Message);
            var wish = message.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, (int)LongestWish.TotalSeconds)) : (TimeSpan?)null;
            task.State = TaskState.Failed;
            task.LastError = Code(message.Code);
            task.Messages = words is null ? null : key.SealJson<IReadOnlyList<string>>(TaskFields.Messages(task.Id), words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            task.Since = now;
            task.SentAt ??= now;
            task.NextAttemptAt = task.Preview && task.Attempt >= Attempts.ForPreview
                ? null
                : now + (wish ?? Attempts.RetryAfter(Math.Max(task.Attempt, 1), Random.Shared.NextDouble()));
            audit.Record(db, request, AuditLog.System(controller, system), "task.failed", new { task = task.Id, code = task.LastError, task.Attempt, text = words is null ? null : SealedText.Seal(key, words) });
        }
        await work.CommitAsync(cancel);
        await health.FailedAsync(controller, system, Code(message.Code), cancel);
        return TaskOutput.Of(task);
    }

    private static string? Words(string? message) =>
        message?.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, ReceiptCheck.LongestMessage)] : null;

    // Codes come from outside: kept short and plain, whatever was sent.
    private static string Code(string code) =>
        code.Length is > 0 and <= 80 && code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-') ? code : "system.failed";
}
