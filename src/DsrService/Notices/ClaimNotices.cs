using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Notices;

/// <summary>Takes due mails: each row is claimed by moving its next attempt on, so that a process that dies while sending
/// loses none and two never send the same one at once.</summary>
internal sealed class ClaimNotices(DsrDbContext db, RequestKeys keys, TimeProvider time)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    internal sealed record Claimed(Guid Id, Guid RequestId, NoticeKind Kind, int Attempt, NoticeContent Content);

    public async Task<IReadOnlyList<Claimed>> HandleAsync(int limit, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var until = now + Lease;
        var taken = await db.Set<Notice>().FromSql($"""
            UPDATE dsr.notices SET attempt = attempt + 1, next_attempt_at = {until}
            WHERE id IN (SELECT id FROM dsr.notices WHERE next_attempt_at <= {now} AND state = 'queued'
                         ORDER BY next_attempt_at LIMIT {limit} FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancel);
        var ids = taken.Select(notice => notice.RequestId).Distinct().ToList();
        var opened = (await db.Set<DataSubjectRequest>().AsNoTracking().Where(request => ids.Contains(request.Id)).ToListAsync(cancel))
            .ToDictionary(request => request.Id, keys.Open);
        return [.. taken.Select(notice => new Claimed(notice.Id, notice.RequestId, notice.Kind, notice.Attempt,
            opened[notice.RequestId].OpenJson<NoticeContent>(Notice.ContentField(notice.Id), notice.Content)))];
    }
}
