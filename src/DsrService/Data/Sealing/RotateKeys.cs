using System.Security.Cryptography;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.DataMap;
using DsrService.Fulfilment.Restores;
using DsrService.Hosting;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Data.Sealing;

/// <summary>Wraps every living secret under the month's key-encryption key, and destroys those whose backups are gone: what was
/// purged stays unreadable even in a restored backup (invariant 5).</summary>
internal sealed class RotateKeys(DsrDbContext db, KeyRing ring, AuditLog audit, IOptions<DsrOptions> options, TimeProvider time, ILogger<RotateKeys> log) : IRecurring
{
    private const int Batch = 500;

    public static string Name => "rotate-keys";

    public static TimeSpan Every => TimeSpan.FromHours(12);

    public async Task RunAsync(CancellationToken cancel)
    {
        var current = ring.CurrentId;
        var requests = await RewrapRequestsAsync(current, cancel);
        var others = await RewrapControllersAsync(current, cancel) + await RewrapSystemsAsync(current, cancel) + await RewrapRedoRecordsAsync(current, cancel) + await RewrapDataProtectionAsync(current, cancel);
        if (requests + others > 0)
            await RecordAsync("keys.rotated", new { key = current, requests, others }, cancel);
        foreach (var id in ring.Ids().Where(id => id != current && IsOutlived(id)))
            await DestroyAsync(id, cancel);
    }

    private async Task<int> RewrapRequestsAsync(string current, CancellationToken cancel)
    {
        var (done, after) = (0, Guid.Empty);
        while (true)
        {
            var rows = await db.Set<DataSubjectRequest>().Where(request => request.DataKeyId != current && request.Id > after)
                .OrderBy(request => request.Id).Take(Batch).Select(request => new { request.Id, request.DataKey, request.DataKeyId }).ToListAsync(cancel);
            if (rows.Count == 0)
                return done;
            after = rows[^1].Id;
            var fresh = rows.Select(row => (row.Id, Old: row.DataKey, New: Rewrap(RequestKeys.Name(row.Id), row.DataKey, row.DataKeyId, current))).Where(row => row.New is not null).ToList();
            var (ids, olds, news) = (fresh.Select(row => row.Id).ToArray(), fresh.Select(row => row.Old).ToArray(), fresh.Select(row => row.New!).ToArray());
            done += await db.Database.ExecuteSqlAsync($"""
                UPDATE dsr.requests r SET data_key = v.new, data_key_id = {current}
                FROM unnest({ids}, {olds}, {news}) AS v (id, old, new) WHERE r.id = v.id AND r.data_key = v.old
                """, cancel);
        }
    }

    private async Task<int> RewrapControllersAsync(string current, CancellationToken cancel)
    {
        var done = 0;
        foreach (var row in await db.Set<ControllerOrganisation>().AsNoTracking().Where(row => row.HashKeyId != current).ToListAsync(cancel))
            if (Rewrap(IdentifierHashes.KeyName(row.Key), row.HashKey, row.HashKeyId, current) is { } key)
                done += await db.Set<ControllerOrganisation>().Where(known => known.Key == row.Key && known.HashKey == row.HashKey)
                    .ExecuteUpdateAsync(update => update.SetProperty(known => known.HashKey, key).SetProperty(known => known.HashKeyId, current), cancel);
        return done;
    }

    private async Task<int> RewrapSystemsAsync(string current, CancellationToken cancel)
    {
        var done = 0;
        foreach (var row in await db.Set<ConnectedSystem>().AsNoTracking().Where(row => row.KeyId != current).ToListAsync(cancel))
            if (Rewrap(SystemSecrets.SealingName(row.Controller, row.System), row.SealingKey, row.KeyId, current) is { } sealing
                && Rewrap(SystemSecrets.WebhookName(row.Controller, row.System), row.WebhookSecret, row.KeyId, current) is { } webhook)
            {
                var authorization = row.Authorization is null ? null : Rewrap(SystemSecrets.AuthorizationName(row.Controller, row.System), row.Authorization, row.KeyId, current);
                if (row.Authorization is not null && authorization is null)
                    continue;
                var former = row.FormerWebhookSecret is null ? null : Rewrap(SystemSecrets.WebhookName(row.Controller, row.System), row.FormerWebhookSecret, row.KeyId, current);
                done += await db.Set<ConnectedSystem>()
                    .Where(known => known.Controller == row.Controller && known.System == row.System && known.SealingKey == row.SealingKey && known.WebhookSecret == row.WebhookSecret)
                    .ExecuteUpdateAsync(update => update.SetProperty(known => known.SealingKey, sealing).SetProperty(known => known.WebhookSecret, webhook)
                        .SetProperty(known => known.FormerWebhookSecret, former).SetProperty(known => known.Authorization, authorization).SetProperty(known => known.KeyId, current), cancel);
            }
        return done;
    }

    private async Task<int> RewrapRedoRecordsAsync(string current, CancellationToken cancel)
    {
        var (done, after) = (0, Guid.Empty);
        while (true)
        {
            var rows = await db.Set<RedoRecord>().Where(record => record.DataKeyId != current && record.TaskId > after)
                .OrderBy(record => record.TaskId).Take(Batch).Select(record => new { record.TaskId, record.DataKey, record.DataKeyId }).ToListAsync(cancel);
            if (rows.Count == 0)
                return done;
            after = rows[^1].TaskId;
            foreach (var row in rows)
                if (Rewrap(RedoRecord.KeyName(row.TaskId), row.DataKey, row.DataKeyId, current) is { } key)
                    done += await db.Set<RedoRecord>().Where(known => known.TaskId == row.TaskId && known.DataKey == row.DataKey)
                        .ExecuteUpdateAsync(update => update.SetProperty(known => known.DataKey, key).SetProperty(known => known.DataKeyId, current), cancel);
        }
    }

    private async Task<int> RewrapDataProtectionAsync(string current, CancellationToken cancel)
    {
        var done = 0;
        foreach (var row in await db.Set<DataProtectionKey>().AsNoTracking().Where(row => row.KeyId != current).ToListAsync(cancel))
            if (Rewrap(DataProtectionKeys.WrapName, row.Xml, row.KeyId, current) is { } xml)
                done += await db.Set<DataProtectionKey>().Where(known => known.Name == row.Name && known.Xml == row.Xml)
                    .ExecuteUpdateAsync(update => update.SetProperty(known => known.Xml, xml).SetProperty(known => known.KeyId, current), cancel);
        return done;
    }

    // Null where the old key is gone or the month has just changed: the row stays as it is, and so does a key it needs.
    private byte[]? Rewrap(string name, byte[] wrapped, string keyId, string current)
    {
        try
        {
            var (fresh, id) = ring.Wrap(name, ring.Unwrap(name, wrapped, keyId));
            return id == current ? fresh : null;
        }
        catch (Exception error) when (error is CryptographicException or IOException or ArgumentException)
        {
            log.LogError("{Secret} cannot be opened with {Key}: {Error}", name, keyId, error.GetType().Name);
            return null;
        }
    }

    private bool IsOutlived(string id)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return KeyRing.LastDayOf(id).AddDays(options.Value.BackupDays) < today;
    }

    private async Task DestroyAsync(string id, CancellationToken cancel)
    {
        var needed = await db.Set<DataSubjectRequest>().AnyAsync(row => row.DataKeyId == id, cancel)
            || await db.Set<ControllerOrganisation>().AnyAsync(row => row.HashKeyId == id, cancel)
            || await db.Set<ConnectedSystem>().AnyAsync(row => row.KeyId == id, cancel)
            || await db.Set<RedoRecord>().AnyAsync(row => row.DataKeyId == id, cancel)
            || await db.Set<DataProtectionKey>().AnyAsync(row => row.KeyId == id, cancel);
        if (needed)
        {
            log.LogError("{Key} is past its time, but something still needs it: it is kept", id);
            return;
        }
        await RecordAsync("keys.destroyed", new { key = id }, cancel);
        ring.Destroy(id);
    }

    private async Task RecordAsync(string happened, object facts, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        audit.Record(db, await Installation.LockAsync(db, cancel), AuditLog.Service, happened, facts);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
