using DsrService.Connectors.OpenDsr.Inbound;
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
        if (options.OpenDsr.Inbound.IsConfigured)
            services.AddInbound(options);
        services.AddScoped<AddCaller>();
        if (options.Runs(Role.Worker))
        {
            services.AddHostedService<CheckPeers>();
            services.AddRecurring<CancelAtPeers>();
        }
    }

    private static void AddInbound(this IServiceCollection services, DsrOptions options)
    {
        services.AddSingleton(ProcessorSignature.From(options.OpenDsr.Inbound));
        services.AddScoped<InboundCallers>();
        services.AddScoped<TakeSubmission>();
        services.AddScoped<TellStatus>();
        services.AddScoped<NoteChanges>();
        services.AddScoped<ClaimCallbacks>();
        services.AddScoped<RecordCallback>();
        services.AddSingleton<SendCallbacks>();
        if (options.Runs(Role.Worker))
            services.AddHostedService(provider => provider.GetRequiredService<SendCallbacks>());
    }
}
