using DsrService.DataMap;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Reads the discovery of every peer once the service runs, so that what is set up wrongly shows before anybody's
/// request goes there.</summary>
internal sealed class CheckPeers(IServiceScopeFactory scopes, IHostApplicationLifetime life, ILogger<CheckPeers> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = life.ApplicationStarted.Register(() => started.TrySetResult());
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            await using var scope = scopes.CreateAsyncScope();
            foreach (var (_, map) in await scope.ServiceProvider.GetRequiredService<DataMaps>().AllAsync(stoppingToken))
                foreach (var system in map.Systems.Where(system => system.OpenDsr is not null))
                    if (await ProblemAsync(scope.ServiceProvider, map, system, stoppingToken) is { } problem)
                        log.LogWarning("The peer {Controller}/{System} is not ready: {Code}", map.Controller.Key, system.Key, problem);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <summary>Null where the peer's discovery can be read and offers what the data map counts on.</summary>
    public static async Task<string?> ProblemAsync(IServiceProvider services, ControllerDataMap map, MappedSystem system, CancellationToken cancel)
    {
        if (await services.GetRequiredService<OpenDsrPeers>().FindAsync(map, system.Key, cancel) is not { } peer)
            return "connector.no_address";
        try
        {
            var discovery = await services.GetRequiredService<PeerDiscoveries>().OfAsync(peer, cancel);
            return discovery.Failed ? discovery.Failure.Code
                : discovery.Value.SupportedIdentities is not null && !peer.Peering.Identities.Values.Any(discovery.Value.Knows) ? "opendsr.identity_not_listed"
                : null;
        }
        catch (HttpRequestException error)
        {
            return Transport.Code(error);
        }
        catch (IOException)
        {
            return Transport.Unreachable;
        }
    }
}
