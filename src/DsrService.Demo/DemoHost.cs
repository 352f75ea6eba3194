using System.Net;
using DsrService.Data;
using DsrService.Demo.Companies;
using DsrService.Demo.Output;
using DsrService.Demo.Stores;
using DsrService.Demo.Surface;
using DsrService.Demo.Systems;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Notices;
using Npgsql;

namespace DsrService.Demo;

/// <summary>The service with all its roles, the demo surface and, unless they run elsewhere, the demo systems, in one process.</summary>
internal static class DemoHost
{
    private static readonly Uri Default = new("http://127.0.0.1:8080");

    public static async Task Run(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(args, Defaults);
        var options = AddDemo(builder);
        await using var app = ServiceHost.Build(builder);
        app.MapDemo();
        if (options.Runs(DemoPart.Systems))
            app.MapDemoSystems();

        var root = Address(builder.Configuration);
        var stopping = app.Lifetime.ApplicationStopping;
        await Database.MigrateAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), stopping);
        await LayStores(app.Services, options, stopping);
        var file = await SeedInstallation.Handle(app.Services, options, root, stopping);
        await app.StartAsync(stopping);
        await Console.Out.WriteAsync(Greeting.Of(root, file));
        await FillStores(app.Services, options, stopping);
        await app.WaitForShutdownAsync();
    }

    /// <summary>Gives staff and systems of a service that runs elsewhere their first credentials.</summary>
    public static async Task Seed(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(args);
        var options = ReadOptions(builder);
        await using var app = builder.Build();
        var root = new Uri(builder.Configuration["Dsr:PublicAddress"] ?? Default.AbsoluteUri);
        await SeedInstallation.Handle(app.Services, options, root, CancellationToken.None);
    }

    /// <summary>Lays the tables the stores and the demo itself need, and fills those that are new.</summary>
    public static async Task LayStores(IServiceProvider services, DemoOptions options, CancellationToken cancel)
    {
        await DemoTables.Lay(DemoSystemsFeature.Database(services), cancel);
        await DemoCompanies.Lay(services.GetRequiredService<IReadOnlyList<DemoStore>>(),
            services.GetRequiredService<TimeProvider>().GetUtcNow(), options.ManyRows, cancel);
    }

    /// <summary>What takes long, once the service serves.</summary>
    public static async Task FillStores(IServiceProvider services, DemoOptions options, CancellationToken cancel)
    {
        try
        {
            await DemoCompanies.FillUp(services.GetRequiredService<IReadOnlyList<DemoStore>>(),
                services.GetRequiredService<TimeProvider>().GetUtcNow(), options.ManyRows, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The next start goes on.
        }
    }

    private static DemoOptions AddDemo(WebApplicationBuilder builder)
    {
        var options = ReadOptions(builder);
        var services = builder.Services;
        var database = options.Database ?? ServiceHost.ConnectionString(builder.Configuration);
        services.AddDemoStores(options, database);
        foreach (var store in DemoCompanies.Stores(options, null!, TimeProvider.System).Where(store => store.Binding is Binding.Sql))
            builder.Configuration[$"Dsr:Databases:{store.Controller}:{store.Key}"] ??= database;
        services.AddSingleton(provider => new DemoMail(DemoSystemsFeature.Database(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IMailTransport>(provider => provider.GetRequiredService<DemoMail>());
        services.AddSingleton<DemoClock>();
        services.AddHostedService<FollowClock>();
        services.AddScoped<IManualTaskObserver, CompletedByHand>();
        if (options.Runs(DemoPart.Systems))
            services.AddDemoSystems(options);
        return options;
    }

    public static DemoOptions ReadOptions(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(DemoOptions.Section);
        builder.Services.AddOptions<DemoOptions>().Bind(section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        var options = section.Get<DemoOptions>() ?? new();
        if (section[nameof(DemoOptions.PublicAddress)] is null && builder.Configuration["Dsr:PublicAddress"] is { } address)
            options.PublicAddress = new(address);
        return options;
    }

    // What nobody set follows from where it serves; a demo gives its passwords away and so serves this machine alone.
    private static void Defaults(ConfigurationManager configuration)
    {
        var root = Address(configuration);
        if (root.Host is not "localhost" && !(IPAddress.TryParse(root.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
            throw new InvalidOperationException($"The demo serves on loopback only, and urls says {root.GetLeftPart(UriPartial.Authority)}.");
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["urls"] = root.GetLeftPart(UriPartial.Authority),
            ["Dsr:PublicAddress"] = root.GetLeftPart(UriPartial.Authority),
            ["Dsr:PrivateSystems:0"] = "127.0.0.0/8",
            ["Dsr:PrivateSystems:1"] = "::1/128",
        })
            configuration[name] ??= value;
    }

    private static Uri Address(ConfigurationManager configuration) =>
        configuration["urls"]?.Split(';')[0] is { Length: > 0 } url ? new Uri(url) : Default;
}
