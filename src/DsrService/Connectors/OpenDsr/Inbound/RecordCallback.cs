using DsrService.Audit;
using DsrService.Data;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>Writes down what became of a callback: told, to be tried again, or given up on after days, which the request's timeline shows.</summary>
internal sealed class RecordCallback(DsrDbContext db, WorkSignal signal, AuditLog audit, TimeProvider time)
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(5);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1),
        TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromHours(12),
    ];

    /// <param name="claimed">What was sent.</param>
    /// <param name="error">Null where the caller has it.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task HandleAsync(ClaimCallbacks.Claimed claimed, string? error, CancellationToken cancel)
    {
        var id = claimed.Callback.Id;
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var request = await work.LockAsync(claimed.Callback.RequestId, cancel);
        var callback = await db.Set<StatusCallback>().SingleOrDefaultAsync(row => row.Id == id && row.State == CallbackState.Queued, cancel);
        if (request is null || callback is null)
            return;
        var now = time.GetUtcNow();
        if (error is null)
            (callback.State, callback.SentAt, callback.NextAttemptAt, callback.LastError) = (CallbackState.Sent, now, null, null);
        else if (now - callback.CreatedAt >= GiveUpAfter)
        {
            (callback.State, callback.NextAttemptAt, callback.LastError) = (CallbackState.Failed, null, error);
            audit.Record(db, request, AuditLog.Caller(claimed.Row.Controller, claimed.Row.Caller), "opendsr.callback_failed", new { callback.Status, callback.Attempt, error });
        }
        else
            (callback.NextAttemptAt, callback.LastError) = (now + Pauses[Math.Clamp(callback.Attempt, 1, Pauses.Length) - 1], error);
        await work.CommitAsync(cancel);
    }
}
