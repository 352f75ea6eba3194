using System.Data;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DsrService.Data;
using DsrService.Hosting;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Audit;

/// <summary>Walks every chain from its first entry to its head and holds the checkpoints of the installation's chain against them.
/// What it finds it names by the chain and its entry, never by what an entry says.</summary>
internal sealed class VerifyAudit(DsrDbContext db)
{
    /// <summary>The event after which a chain may stand without its request.</summary>
    public const string PurgeEvent = "request.purged";

    internal sealed record Output(int Chains, long Entries, int Head, byte[] HeadHash, IReadOnlyList<Problem> Problems);

    /// <summary>Something is not as it was written; codes are stable.</summary>
    internal sealed record Problem(string Code, string Chain, int? Sequence)
    {
        public override string ToString() => Sequence is { } at ? $"{Code}: chain {Chain}, entry {at}" : $"{Code}: chain {Chain}";
    }

    private sealed record Row(string Chain, int Sequence, DateTimeOffset At, string Actor, string Event, string Facts, byte[] Previous, byte[] Hash, int? HeadSequence, byte[]? Head);

    private sealed record Missing(string Chain);

    public async Task<Output> HandleAsync(CancellationToken cancel)
    {
        // One picture of everything, while the service goes on writing.
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var problems = new List<Problem>();
        var (chains, entries) = (0, 0L);
        Row? former = null;
        var reported = false;
        await foreach (var row in Rows().WithCancellation(cancel))
        {
            entries++;
            if (former?.Chain != row.Chain)
            {
                EndChain(former, problems, reported);
                (former, reported) = (null, false);
                chains++;
            }
            // After the first broken link of a chain the rest follows from it.
            if (!reported && Check(former, row) is { } code)
            {
                problems.Add(new Problem(code, row.Chain, row.Sequence));
                reported = true;
            }
            former = row;
        }
        EndChain(former, problems, reported);
        problems.AddRange(await WithoutEntriesAsync(cancel));
        await foreach (var problem in CheckpointsAsync(cancel))
            problems.Add(problem);
        var installation = await db.Set<Installation>().AsNoTracking().SingleAsync(cancel);
        return new Output(chains, entries, installation.AuditSequence, installation.AuditHead, problems);
    }

    /// <summary>Whether the installation's chain still holds the entry whose number and hash were noted before.</summary>
    public Task<bool> HoldsAsync(int sequence, byte[] hash, CancellationToken cancel) =>
        db.Set<AuditEntry>().AnyAsync(entry => entry.Chain == Installation.ChainName && entry.Sequence == sequence && entry.Hash == hash, cancel);

    private IAsyncEnumerable<Row> Rows() => db.Database.SqlQuery<Row>($"""
        SELECT e.chain, e.sequence, e.at, e.actor, e.event, e.facts, e.previous, e.hash,
               coalesce(r.audit_sequence, i.audit_sequence) AS HeadSequence, coalesce(r.audit_head, i.audit_head) AS head
        FROM dsr.audit_entries e
        LEFT JOIN dsr.requests r ON r.id::text = e.chain
        LEFT JOIN dsr.installation i ON e.chain = {Installation.ChainName}
        ORDER BY e.chain, e.sequence
        """).AsAsyncEnumerable();

    private static string? Check(Row? former, Row row)
    {
        if (row.Sequence != (former?.Sequence ?? 0) + 1)
            return "audit.entry_missing";
        if (!row.Previous.AsSpan().SequenceEqual(former?.Hash ?? []))
            return "audit.link_broken";
        var hash = AuditHash.Of(row.Chain, row.Sequence, row.At, row.Actor, row.Event, row.Facts, row.Previous);
        return hash.AsSpan().SequenceEqual(row.Hash) ? null : "audit.entry_changed";
    }

    private static void EndChain(Row? last, List<Problem> problems, bool reported)
    {
        if (last is null || reported)
            return;
        if (last.Head is null)
        {
            if (last.Event != PurgeEvent)
                problems.Add(new Problem("audit.request_deleted", last.Chain, null));
        }
        else if (last.HeadSequence > last.Sequence)
            problems.Add(new Problem("audit.tail_cut", last.Chain, last.Sequence + 1));
        else if (last.HeadSequence < last.Sequence || !last.Head.AsSpan().SequenceEqual(last.Hash))
            problems.Add(new Problem("audit.head_changed", last.Chain, last.Sequence));
    }

    private async Task<IEnumerable<Problem>> WithoutEntriesAsync(CancellationToken cancel)
    {
        var missing = await db.Database.SqlQuery<Missing>($"""
            SELECT r.id::text AS chain FROM dsr.requests r WHERE NOT EXISTS (SELECT 1 FROM dsr.audit_entries e WHERE e.chain = r.id::text)
            UNION ALL
            SELECT {Installation.ChainName} FROM dsr.installation i
            WHERE i.audit_sequence > 0 AND NOT EXISTS (SELECT 1 FROM dsr.audit_entries e WHERE e.chain = {Installation.ChainName})
            """).ToListAsync(cancel);
        return missing.Select(row => new Problem("audit.chain_missing", row.Chain, null));
    }

    private async IAsyncEnumerable<Problem> CheckpointsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var after = 0;
        var reported = new HashSet<string>(StringComparer.Ordinal);
        while (await db.Set<AuditEntry>().AsNoTracking()
                   .Where(entry => entry.Chain == Installation.ChainName && entry.Event == CheckpointAudit.Event && entry.Sequence > after)
                   .OrderBy(entry => entry.Sequence).FirstOrDefaultAsync(cancel) is { } checkpoint)
        {
            after = checkpoint.Sequence;
            if (Read(checkpoint.Facts) is not { } heads)
                continue;
            var (chains, sequences) = (heads.Select(head => head.Chain).ToArray(), heads.Select(head => head.Sequence).ToArray());
            var hashes = heads.Select(head => head.Hash).ToArray();
            var lost = await db.Database.SqlQuery<CheckpointAudit.Head>($"""
                SELECT h.chain, h.sequence, h.hash FROM unnest({chains}, {sequences}, {hashes}) AS h (chain, sequence, hash)
                WHERE NOT EXISTS (SELECT 1 FROM dsr.audit_entries e WHERE e.chain = h.chain AND e.sequence = h.sequence AND e.hash = h.hash)
                """).ToListAsync(cancel);
            foreach (var head in lost)
                if (reported.Add(head.Chain))
                    yield return new Problem("audit.checkpoint_missing", head.Chain, head.Sequence);
        }
    }

    // A checkpoint that was tampered with has been reported as a changed entry.
    private static IReadOnlyList<CheckpointAudit.Head>? Read(string facts)
    {
        try
        {
            return JsonSerializer.Deserialize<CheckpointAudit.Facts>(facts, DsrJson.Options)?.Heads;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
