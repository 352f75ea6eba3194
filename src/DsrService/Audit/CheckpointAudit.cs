using System.Text.Json;
using DsrService.Data;
using DsrService.Hosting;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Audit;

/// <summary>Writes the heads of all request chains that have grown since the last time into the installation's chain: a request
/// that vanishes later, or a chain whose end is cut off, then shows.</summary>
internal sealed class CheckpointAudit(DsrDbContext db, AuditLog audit, TimeProvider time) : IRecurring
{
    public const string Event = "audit.checkpoint";
    private const int HeadsAnEntry = 1000;

    // An entry bears the time at which its transaction wrote it; the commit may come later.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    public static string Name => "checkpoint-audit";

    public static TimeSpan Every => TimeSpan.FromHours(1);

    internal sealed record Head(string Chain, int Sequence, byte[] Hash);

    internal sealed record Facts(DateTimeOffset Until, IReadOnlyList<Head> Heads);

    public async Task RunAsync(CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var installation = await Installation.LockAsync(db, cancel);
        var until = time.GetUtcNow();
        var since = await LastAsync(cancel) is { } last ? last - Overlap : DateTimeOffset.UnixEpoch;
        var heads = await db.Database.SqlQuery<Head>($"""
            SELECT DISTINCT ON (chain) chain, sequence, hash FROM dsr.audit_entries
            WHERE at >= {since} AND chain <> {Installation.ChainName} ORDER BY chain, sequence DESC
            """).ToListAsync(cancel);
        var written = await WrittenAsync(since, cancel);
        foreach (var some in heads.Where(head => !written.Contains((head.Chain, head.Sequence))).Chunk(HeadsAnEntry))
            audit.Record(db, installation, AuditLog.Service, Event, new Facts(until, some));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task<DateTimeOffset?> LastAsync(CancellationToken cancel) =>
        await db.Set<AuditEntry>().Where(entry => entry.Chain == Installation.ChainName && entry.Event == Event)
            .OrderByDescending(entry => entry.Sequence).Select(entry => (DateTimeOffset?)entry.At).FirstOrDefaultAsync(cancel);

    // What lies within the overlap has mostly been written down before.
    private async Task<HashSet<(string Chain, int Sequence)>> WrittenAsync(DateTimeOffset since, CancellationToken cancel)
    {
        var former = await db.Set<AuditEntry>().AsNoTracking()
            .Where(entry => entry.Chain == Installation.ChainName && entry.Event == Event && entry.At >= since).Select(entry => entry.Facts).ToListAsync(cancel);
        return [.. former.SelectMany(facts => JsonSerializer.Deserialize<Facts>(facts, DsrJson.Options)!.Heads).Select(head => (head.Chain, head.Sequence))];
    }
}
