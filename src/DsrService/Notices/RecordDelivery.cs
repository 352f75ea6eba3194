using DsrService.Audit;
using DsrService.Data;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Notices;

/// <summary>Writes down what became of an attempt: sent, to be tried again, or given up on after days, which the desk shows.</summary>
internal sealed class RecordDelivery(DsrDbContext db, WorkSignal signal, AuditLog audit, TimeProvider time)
{
    private const int HopelessAttempts = 3;
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(5);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1),
        TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromHours(12),
    ];

    public async Task HandleAsync(Guid requestId, Guid noticeId, MailResult result, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var request = await work.LockAsync(requestId, cancel);
        var notice = await db.Set<Notice>().SingleOrDefaultAsync(notice => notice.Id == noticeId && notice.State == NoticeState.Queued, cancel);
        if (request is null || notice is null)
            return;
        var now = time.GetUtcNow();
        if (result.Error is null)
        {
            (notice.State, notice.SentAt, notice.NextAttemptAt, notice.LastError) = (NoticeState.Sent, now, null, null);
            audit.Record(db, request, AuditLog.Service, "notice.sent", new { notice = notice.Id, notice.Kind, notice.Attempt });
        }
        else if (result.Hopeless && notice.Attempt >= HopelessAttempts || now - notice.QueuedAt >= GiveUpAfter)
        {
            (notice.State, notice.NextAttemptAt, notice.LastError) = (NoticeState.Failed, null, result.Error);
            audit.Record(db, request, AuditLog.Service, "notice.failed", new { notice = notice.Id, notice.Kind, notice.Attempt, error = result.Error });
        }
        else
            (notice.NextAttemptAt, notice.LastError) = (now + PauseAfter(notice.Attempt), result.Error);
        await work.CommitAsync(cancel);
    }

    internal static TimeSpan PauseAfter(int attempt) => Pauses[Math.Clamp(attempt, 1, Pauses.Length) - 1];
}
