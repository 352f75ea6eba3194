using DsrService.Connectors.Api;
using DsrService.Connectors.OpenDsr;
using DsrService.Connectors.OpenDsr.Inbound;
using DsrService.Connectors.Sql;
using DsrService.Connectors.Vendors;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Restrictions;
using DsrService.Sdk.Bus;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace DsrService.Connectors;

internal static class ConnectorsFeature
{
    private const string InMemory = "memory";

    public static IServiceCollection AddConnectors(this IServiceCollection services, DsrOptions options)
    {
        PushAddresses.Parse(options.PrivateSystems);
        services.AddScoped<AddSystem>().AddScoped<RotateWebhookSecret>();
        var broker = Broker(options.Bus);
        services.AddSingleton(provider => broker is null
            ? DsrBus.InMemory(provider.GetRequiredService<ILoggerFactory>())
            : DsrBus.OverRabbitMq(broker, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<PushAddresses>();
        services.AddSingleton(provider => new PushBreakers(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SystemHealth>().CircuitAsync));
        services.AddSingleton<SqlSystems>();
        services.AddSingleton<IConnector, BusConnector>();
        services.AddSingleton<IConnector, HttpConnector>();
        services.AddOpenDsr(options);
        services.AddVendors(options);
        services.AddSingleton<IConnector>(new WaitingConnector(Binding.Manual));
        services.AddSingleton<IConnector>(new WaitingConnector(Binding.Pull));
        if (options.Runs(Role.Worker))
            services.AddHostedService<ReceiveAnswers>().AddSqlBinding();
        if (options.Runs(Role.Systems))
            services.AddSystemsApi();
        return services;
    }

    private static Uri? Broker(string setting) =>
        setting == InMemory ? null
        : Uri.TryCreate(setting, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps" && address.UserInfo.Contains(':', StringComparison.Ordinal) ? address
        // The value holds a password and is not shown.
        : throw new OptionsValidationException("Dsr:Bus", typeof(DsrOptions), ["Dsr:Bus must be 'memory' or amqp://user:password@host:port/vhost."]);

    private static void AddSystemsApi(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, SystemAuthentication>(SystemAuthentication.SchemeName, null);
        services.AddScoped<FetchTasks>();
        services.AddScoped<CheckSubject>();
        services.AddSingleton<CheckLimits>();
    }

    public static void MapConnectors(this WebApplication app, DsrOptions options)
    {
        if (options.Runs(Role.Portal))
            app.MapVendorPages();
        if (!options.Runs(Role.Systems))
            return;
        ReceiveCallback.Map(app);
        if (options.OpenDsr.Inbound.IsConfigured)
            app.MapInbound();
        var systems = app.MapGroup(OpenApiDocument.Root).RequireAuthorization(SystemAuthentication.Policy);
        AcceptTask.Map(systems);
        KeepTask.Map(systems);
        UploadData.Map(systems);
        SendReceipt.Map(systems);
        ReportFailure.Map(systems);
        FetchTasks.Map(systems);
        CheckSubject.Map(systems);
        ReadSchema.Map(systems);
        ReadOpenApi.Map(systems);
        ReadAsyncApi.Map(systems);
    }
}
