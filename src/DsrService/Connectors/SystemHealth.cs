using System.Collections.Concurrent;
using DsrService.Data;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors;

/// <summary>When a system last answered or failed. Kept beside the work and not in its transactions, where all answers of
/// one system would wait for the same row.</summary>
internal sealed class SystemHealth(IServiceScopeFactory scopes, TimeProvider time)
{
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Controller, string System, bool Failed), DateTimeOffset> noted = new();

    public Task AnsweredAsync(string controller, string system, CancellationToken cancel) => NoteAsync(controller, system, null, cancel);

    public Task FailedAsync(string controller, string system, string error, CancellationToken cancel) => NoteAsync(controller, system, error, cancel);

    /// <summary>Nothing is pushed to it until then; null once it has answered again.</summary>
    public async Task CircuitAsync(string controller, string system, DateTimeOffset? openUntil, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DsrDbContext>().Set<ConnectedSystem>()
            .Where(row => row.Controller == controller && row.System == system)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.CircuitOpenUntil, openUntil), cancel);
    }

    private async Task NoteAsync(string controller, string system, string? error, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var key = (controller, system, error is not null);
        if (noted.TryGetValue(key, out var last) && now - last < Grain)
            return;
        noted[key] = now;
        await using var scope = scopes.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<DsrDbContext>().Set<ConnectedSystem>()
            .Where(row => row.Controller == controller && row.System == system);
        if (error is null)
            await rows.ExecuteUpdateAsync(update => update.SetProperty(row => row.LastAnswerAt, now), cancel);
        else
            await rows.ExecuteUpdateAsync(update => update.SetProperty(row => row.LastErrorAt, now).SetProperty(row => row.LastError, error), cancel);
    }
}
