using DsrService.Connectors;
using DsrService.Data;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>Whether a system was stopped since its batch was claimed. A batch of slow systems may take minutes: the stops
/// are read again each second of it.</summary>
internal sealed class StopsDuringBatch(IServiceScopeFactory scopes, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim reading = new(1, 1);
    private IReadOnlyList<SystemStop> stops = [];
    private long lookedAt = time.GetUtcNow().UtcTicks;

    public async ValueTask<bool> HoldAsync(string controller, string system, CancellationToken cancel)
    {
        if (IsOld)
            await ReadAsync(cancel);
        return stops.Any(stop => stop.Holds(controller, system));
    }

    private bool IsOld => time.GetUtcNow().UtcTicks - Volatile.Read(ref lookedAt) >= LookAgain.Ticks;

    private async Task ReadAsync(CancellationToken cancel)
    {
        await reading.WaitAsync(cancel);
        try
        {
            if (!IsOld)
                return;
            await using var scope = scopes.CreateAsyncScope();
            stops = await scope.ServiceProvider.GetRequiredService<DsrDbContext>().Set<SystemStop>().AsNoTracking().ToListAsync(cancel);
            Volatile.Write(ref lookedAt, time.GetUtcNow().UtcTicks);
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();
}
