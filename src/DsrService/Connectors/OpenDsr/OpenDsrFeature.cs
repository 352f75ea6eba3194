using DsrService.Hosting;

namespace DsrService.Connectors.OpenDsr;

internal static class OpenDsrFeature
{
    public static void AddOpenDsr(this IServiceCollection services, DsrOptions options)
    {
        services.AddSingleton<OpenDsrHttp>();
        services.AddSingleton<PeerDiscoveries>();
        services.AddSingleton<FetchResults>();
        services.AddSingleton<IConnector, OpenDsrConnector>();
        services.AddScoped<OpenDsrPeers>();
        services.AddScoped<AskPeer>();
        services.AddScoped<ReadPeerStatus>();
        services.AddScoped<ReceiveCallback>();
        if (options.Runs(Role.Worker))
        {
            services.AddHostedService<CheckPeers>();
            services.AddRecurring<CancelAtPeers>();
        }
    }
}
