using DsrService.Demo.Companies;
using DsrService.Demo.Stores;
using DsrService.Demo.Systems.Peers;
using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;
using Npgsql;

namespace DsrService.Demo.Systems;

/// <summary>Registers the demo systems that answer by themselves; those worked by a person only have their stores.</summary>
internal static class DemoSystemsFeature
{
    public static IServiceCollection AddDemoStores(this IServiceCollection services, DemoOptions options, string database)
    {
        IReadOnlyList<DemoCompany> companies = [.. DemoCompanies.Named(options.Companies)];
        services.AddSingleton(companies);
        services.AddKeyedSingleton(typeof(DemoDatabase), (_, _) => DemoDatabase.Create(database));
        services.AddSingleton(provider => DemoCompanies.Stores(options, Database(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Behaviours(Database(provider)));
        return services;
    }

    public static NpgsqlDataSource Database(IServiceProvider provider) => provider.GetRequiredKeyedService<NpgsqlDataSource>(typeof(DemoDatabase));

    public static IServiceCollection AddDemoSystems(this IServiceCollection services, DemoOptions options)
    {
        services.AddSingleton<SystemCredentials>();
        services.AddHostedService<ExpireStores>();
        services.AddSingleton<PeerSigner>();
        services.AddSingleton(provider => new PeerStore(Database(provider)));
        services.AddSingleton<DemoPeers>();
        services.AddSingleton<PeerRoutes>();
        services.AddScoped(provider => new DemoReceipts(Database(provider)));
        services.AddScoped<IReceiptStore>(provider => provider.GetRequiredService<DemoReceipts>());
        // What they declare needs no database; the stores are made to be asked for it.
        foreach (var store in DemoCompanies.Stores(options, null!, TimeProvider.System))
            // The service itself works at those behind a mapping.
            if (store.Binding is not (Binding.Manual or Binding.Sql))
                services.AddConnectedSystem<DemoSystem>(store.Controller, store.Key, system => Describe(system, store, options));
        return services;
    }

    private static void Describe(ConnectedSystemBuilder<DemoSystem> system, DemoStore store, DemoOptions options)
    {
        var (controller, key) = (store.Controller, store.Key);
        system.Declares(Capabilities(store))
            .ConnectsTo(provider => provider.GetRequiredService<SystemCredentials>().Connection(controller, key));
        foreach (var action in Enum.GetValues<TaskAction>())
            system.On(action, demo => demo.WorkAsync);
        switch (store.Binding)
        {
            // Asked at their own routes.
            case Binding.Http or Binding.Opendsr:
                break;
            case Binding.Pull:
                system.ByPulling(options.PullEvery);
                break;
            default:
                if (options.Broker is { } broker)
                    system.OverRabbitMq(new UriBuilder(broker)
                    {
                        UserName = $"{controller}.{key}",
                        Password = Uri.EscapeDataString(options.BrokerPassword ?? ""),
                    }.Uri);
                else
                    system.OverHostBus();
                break;
        }
    }

    /// <summary>Where the systems that are pushed to take their tasks.</summary>
    public static void MapDemoSystems(this IEndpointRouteBuilder routes)
    {
        routes.MapPushedTasks();
        PeerRoutes.Map(routes);
    }

    /// <summary>Where the service finds a system; null for those that come by themselves.</summary>
    public static string? Address(Binding binding, Uri root, string controller, string system) => binding switch
    {
        Binding.Http => new Uri(root, $"/dsr/tasks/{controller}/{system}").AbsoluteUri,
        Binding.Opendsr => PeerRoutes.Address(root, controller, system),
        _ => null,
    };

    private static SystemCapabilities Capabilities(DemoStore store) => new()
    {
        Actions = Enum.GetValues<TaskAction>(),
        Needs = store.Needs,
        Gives = store.Gives,
        CanPreview = true,
        BackupPeriod = TimeSpan.FromDays(35),
    };
}
