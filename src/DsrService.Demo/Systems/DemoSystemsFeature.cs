using DsrService.Demo.Stores;
using DsrService.Demo.Toontrack;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;
using Npgsql;

namespace DsrService.Demo.Systems;

/// <summary>Registers the demo systems that answer by themselves; those worked by a person only have their stores.</summary>
internal static class DemoSystemsFeature
{
    public static IServiceCollection AddDemoStores(this IServiceCollection services, string database)
    {
        services.AddKeyedSingleton(typeof(DemoDatabase), (_, _) => DemoDatabase.Create(database));
        services.AddSingleton(provider => ToontrackStores.All(Database(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Behaviours(Database(provider)));
        return services;
    }

    public static NpgsqlDataSource Database(IServiceProvider provider) => provider.GetRequiredKeyedService<NpgsqlDataSource>(typeof(DemoDatabase));

    public static IServiceCollection AddDemoSystems(this IServiceCollection services, DemoOptions options)
    {
        services.AddSingleton<SystemCredentials>();
        services.AddHostedService<ExpireStores>();
        services.AddScoped(provider => new DemoReceipts(Database(provider)));
        services.AddScoped<IReceiptStore>(provider => provider.GetRequiredService<DemoReceipts>());
        foreach (var key in ToontrackSystems.All.Except(ToontrackSystems.Manual))
            services.AddConnectedSystem<DemoSystem>(ToontrackSystems.Controller, key, system =>
            {
                system.Declares(Capabilities(key))
                    .ConnectsTo(provider => provider.GetRequiredService<SystemCredentials>().Connection(ToontrackSystems.Controller, key));
                foreach (var action in Enum.GetValues<TaskAction>())
                    system.On(action, demo => demo.WorkAsync);
                if (key == ToontrackSystems.CustomerSurvey)
                    return;
                if (options.Broker is { } broker)
                    system.OverRabbitMq(new UriBuilder(broker)
                    {
                        UserName = $"{ToontrackSystems.Controller}.{key}",
                        Password = Uri.EscapeDataString(options.BrokerPassword ?? ""),
                    }.Uri);
                else
                    system.OverHostBus();
            });
        return services;
    }

    /// <summary>Where the systems that are pushed to take their tasks.</summary>
    public static void MapDemoSystems(this IEndpointRouteBuilder routes) => routes.MapPushedTasks();

    public static string PushAddress(Uri root, string controller, string system) => new Uri(root, $"/dsr/tasks/{controller}/{system}").AbsoluteUri;

    private static SystemCapabilities Capabilities(string key)
    {
        // The declaration needs no database; the store is made to be asked for it.
        var store = ToontrackStores.All(null!, TimeProvider.System).Single(store => store.Key == key);
        return new()
        {
            Actions = Enum.GetValues<TaskAction>(),
            Needs = store.Needs,
            Gives = store.Gives,
            CanPreview = true,
            BackupPeriod = TimeSpan.FromDays(35),
        };
    }
}
