using DsrService.Data;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>Takes due callbacks: of each request and address the oldest alone, so that nobody hears of the end before the beginning.
/// Each is claimed by moving its next attempt on.</summary>
internal sealed class ClaimCallbacks(DsrDbContext db, TimeProvider time)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    internal sealed record Claimed(StatusCallback Callback, InboundRequest Row, DateTimeOffset Expected)
    {
        public string Caller => $"{Row.Controller}/{Row.Caller}";
    }

    /// <param name="limit">How many at most.</param>
    /// <param name="busy">Callers (<c>controller/caller</c>) that have as many under way as they may.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<Claimed>> HandleAsync(int limit, IReadOnlyCollection<string> busy, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var until = now + Lease;
        var others = busy.ToArray();
        var taken = await db.Set<StatusCallback>().FromSql($"""
            UPDATE dsr.opendsr_callbacks SET attempt = attempt + 1, next_attempt_at = {until}
            WHERE id IN (SELECT c.id FROM dsr.opendsr_callbacks c JOIN dsr.opendsr_inbound i ON i.request_id = c.request_id
                         WHERE c.next_attempt_at <= {now} AND c.state = 'queued' AND i.controller || '/' || i.caller <> ALL({others})
                           AND NOT EXISTS (SELECT 1 FROM dsr.opendsr_callbacks e WHERE e.request_id = c.request_id AND e.url = c.url AND e.state = 'queued' AND e.id < c.id)
                         ORDER BY c.next_attempt_at LIMIT {limit} FOR UPDATE OF c SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancel);
        var ids = taken.Select(callback => callback.RequestId).Distinct().ToList();
        var about = await (from row in db.Set<InboundRequest>().AsNoTracking()
                           join request in db.Set<DataSubjectRequest>() on row.RequestId equals request.Id
                           where ids.Contains(row.RequestId)
                           select new { Row = row, request.DueEndAt }).ToDictionaryAsync(one => one.Row.RequestId, cancel);
        return [.. taken.Where(callback => about.ContainsKey(callback.RequestId)).Select(callback => new Claimed(callback, about[callback.RequestId].Row, about[callback.RequestId].DueEndAt))];
    }
}
