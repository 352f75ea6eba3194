using System.Collections.Concurrent;
using DsrService.Data;
using Microsoft.EntityFrameworkCore;

namespace DsrService.DataMap;

/// <summary>The data maps, read once a version and kept.</summary>
internal sealed class DataMaps(IServiceScopeFactory scopes)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<Guid, ControllerDataMap> versions = new();
    private Dictionary<string, Guid> current = [];
    private long lookedAt = -1;

    /// <summary>The version in force for new requests; null for an unknown controller.</summary>
    public async Task<DataMapInForce?> CurrentAsync(string controller, CancellationToken cancel)
    {
        // Another process may load a new version: looked up again every few seconds, by the machine's clock.
        if (lookedAt < 0 || Environment.TickCount64 - lookedAt > LookAgain.TotalMilliseconds || !current.ContainsKey(controller))
            await LookAsync(cancel);
        return current.TryGetValue(controller, out var version) ? new(version, await ForAsync(version, cancel)) : null;
    }

    /// <summary>The version a request was received under (invariant 4).</summary>
    public async Task<ControllerDataMap> ForAsync(Guid version, CancellationToken cancel)
    {
        if (versions.TryGetValue(version, out var known))
            return known;
        await using var scope = scopes.CreateAsyncScope();
        var row = await scope.ServiceProvider.GetRequiredService<DsrDbContext>().Set<DataMapVersion>().AsNoTracking()
            .SingleAsync(row => row.Id == version, cancel);
        var read = DataMapReader.Read(row.Yaml, row.Controller);
        return versions.GetOrAdd(version, read.Map
            ?? throw new InvalidOperationException($"Data map {version} was accepted once and can no longer be read."));
    }

    public async Task<IReadOnlyList<DataMapInForce>> AllAsync(CancellationToken cancel)
    {
        await LookAsync(cancel);
        var maps = new List<DataMapInForce>();
        foreach (var (_, version) in current.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            maps.Add(new(version, await ForAsync(version, cancel)));
        return maps;
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        current = await scope.ServiceProvider.GetRequiredService<DsrDbContext>().Set<ControllerOrganisation>().AsNoTracking()
            .ToDictionaryAsync(row => row.Key, row => row.DataMapVersion, StringComparer.Ordinal, cancel);
        lookedAt = Environment.TickCount64;
    }
}

/// <summary>A data map with the id of its version.</summary>
internal sealed record DataMapInForce(Guid Version, ControllerDataMap Map);
