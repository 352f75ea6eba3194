using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using DsrService.DataMap;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Data.Sealing;

/// <summary>Hashes keyed per controller: search by identifiers without storing them readable.</summary>
internal sealed class IdentifierHashes(KeyRing ring)
{
    private readonly ConcurrentDictionary<string, byte[]> keys = new(StringComparer.Ordinal);

    public static string KeyName(string controller) => $"controller:{controller}";

    public async Task<ControllerHash> ForAsync(DsrDbContext db, string controller, CancellationToken cancel)
    {
        if (!keys.TryGetValue(controller, out var key))
        {
            var row = await db.Set<ControllerOrganisation>().AsNoTracking().SingleAsync(row => row.Key == controller, cancel);
            key = keys.GetOrAdd(controller, ring.Unwrap(KeyName(controller), row.HashKey, row.HashKeyId));
        }
        return new ControllerHash(key);
    }
}

internal sealed class ControllerHash(byte[] key)
{
    /// <summary>Of a value as <see cref="IdentifierKind.Normalise"/> gives it: which spellings are the same is the kind's to say.</summary>
    public byte[] Identifier(string kind, string normalised) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind}\n{normalised}"));

    public byte[] Body(ReadOnlySpan<byte> body) => HMACSHA256.HashData(key, body);
}
