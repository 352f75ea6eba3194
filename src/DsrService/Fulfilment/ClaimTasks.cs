using DsrService.Connectors;
using DsrService.Data;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DsrService.Fulfilment;

/// <summary>Takes due tasks: each row is claimed for a time, so that a process that dies in between loses nothing and two
/// never send the same attempt.</summary>
internal sealed class ClaimTasks(DsrDbContext db, OpenTasks open, TimeProvider time)
{
    private static readonly Dictionary<string, Binding> Bindings = Enum.GetValues<Binding>().ToDictionary(binding => DsrJson.Kebab(binding), StringComparer.Ordinal);

    /// <param name="binding">Whose.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="from">Where a former claim of this burst ended. What has been taken stands in front of it in the index until
    /// it is vacuumed, and would be passed over by each claim; so does what is due once more. Null takes the longest due.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Claim> HandleAsync(Binding binding, int limit, DateTimeOffset? from, CancellationToken cancel)
    {
        var front = from ?? DateTimeOffset.UnixEpoch;
        var over = DsrJson.Kebab(binding);
        var now = time.GetUtcNow();
        // If nothing is heard it is asked again after 30 seconds (10 where it only looks), doubling, an hour at most, and
        // a tenth by chance so that a thousand tasks of one hour do not all come back at once. Nothing goes out for a
        // request on hold or to a stopped system; a notice may go out after the answer, as does what ends with it; an erasure
        // waits for an access or a portability of the same submission; a restriction is lifted only when the person was
        // told of it (Art. 18(3)).
        // In the order of the index and no further than the limit: after a burst the planner's statistics know nothing of it,
        // and it would join and sort every due task for each batch.
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlRawAsync("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off", cancel);
        var claimed = await db.Set<RequestTask>().FromSql($"""
            WITH due AS (
                SELECT t.id FROM dsr.tasks t
                CROSS JOIN LATERAL (SELECT id, submission, "right", status, on_hold FROM dsr.requests WHERE id = t.request_id OFFSET 0) r
                WHERE t.next_attempt_at BETWEEN {front} AND {now} AND t.binding = {over} AND (t.claimed_until IS NULL OR t.claimed_until <= {now})
                  AND NOT r.on_hold
                  AND (r.status IN ('planned', 'in-progress')
                       OR (t.action = 'notify' AND r.status IN ('awaiting-decision', 'fulfilled', 'partly-fulfilled'))
                       OR (t.action IN ('lift-restriction', 'release') AND r.status IN ('fulfilled', 'partly-fulfilled', 'refused', 'withdrawn'))
                       OR t.step LIKE 'kept:%' OR t.step LIKE 'lift-restriction:%' OR t.redoes IS NOT NULL)
                  AND NOT (t.action = 'lift-restriction' AND EXISTS (
                       SELECT 1 FROM dsr.notices n WHERE n.request_id = r.id AND n.kind = 'lifting-restriction' AND n.state <> 'sent' OFFSET 0))
                  AND NOT EXISTS (
                       SELECT 1 FROM dsr.system_stops s WHERE s.controller = t.controller AND s.system IN ('', t.system) OFFSET 0)
                  AND NOT (r."right" = 'erasure' AND t.action = 'erase' AND NOT t.preview AND EXISTS (
                       SELECT 1 FROM dsr.requests o WHERE o.submission = r.submission AND o.id <> r.id
                         AND o."right" IN ('access', 'portability')
                         AND o.status IN ('received', 'awaiting-identity', 'planned', 'in-progress', 'awaiting-decision') OFFSET 0))
                ORDER BY t.next_attempt_at
                LIMIT {limit}
                FOR UPDATE OF t SKIP LOCKED)
            UPDATE dsr.tasks t
            SET attempt = t.attempt + 1,
                claimed_until = {now} + least(CASE WHEN t.preview OR t.action = 'locate' THEN 10 ELSE 30 END * power(2, least(t.attempt, 20)), 3600) * (1 + random() / 10) * interval '1 second'
            FROM due WHERE t.id = due.id
            RETURNING t.*
            """).AsNoTracking().ToListAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new(await open.HandleAsync(claimed, now, cancel), claimed.Max(task => task.NextAttemptAt));
    }

    /// <summary>Those of the bindings with a task that is due, whether or not it may go out.</summary>
    public static async Task<IReadOnlyList<Binding>> DueAsync(NpgsqlDataSource source, IEnumerable<Binding> of, DateTimeOffset now, CancellationToken cancel)
    {
        // Asked at each signal, and mostly nothing is due: that must cost next to nothing. The order makes the planner take
        // the index: by a guess that most rows are due it would read the table up to the first that is.
        await using var due = source.CreateCommand("""
            SELECT known.binding FROM unnest($1) AS known (binding) CROSS JOIN LATERAL
                (SELECT 1 FROM dsr.tasks WHERE binding = known.binding AND next_attempt_at <= $2 AND (claimed_until IS NULL OR claimed_until <= $2) ORDER BY next_attempt_at LIMIT 1) first
            """);
        due.Parameters.Add(new() { Value = of.Select(binding => DsrJson.Kebab(binding)).ToArray() });
        due.Parameters.Add(new() { Value = now });
        await using var reader = await due.ExecuteReaderAsync(cancel);
        var found = new List<Binding>();
        while (await reader.ReadAsync(cancel))
            found.Add(Bindings[reader.GetString(0)]);
        return found;
    }
}

/// <summary>Tasks to be sent now, and since when the last of them has been due; null if there are none.</summary>
internal sealed record Claim(IReadOnlyList<OutgoingTask> Tasks, DateTimeOffset? UpTo);
