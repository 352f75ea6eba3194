using DsrService.Demo.Surface;
using DsrService.Demo.Systems;
using DsrService.Hosting;

namespace DsrService.Demo;

/// <summary>The demo systems alone: the service runs elsewhere and is reached over the broker and over HTTP.</summary>
internal static class SystemsHost
{
    public static async Task Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        SecretFiles.ReadInto(builder.Configuration);
        var options = DemoHost.ReadOptions(builder);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (options.Broker is null)
            throw new InvalidOperationException("Demo:Broker is not set: systems in a process of their own need RabbitMQ.");
        var services = builder.Services;
        services.AddSingleton<Clock>();
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<Clock>());
        services.AddDemoStores(options, options.Database ?? ServiceHost.ConnectionString(builder.Configuration));
        services.AddSingleton(DemoSystemsFeature.Database);
        // A database of their own holds no clock to follow.
        if (options.Database is null)
            services.AddHostedService<FollowClock>();
        services.AddDemoSystems(options);
        services.AddHealthChecks();

        await using var app = builder.Build();
        app.MapHealthChecks("/health");
        app.MapDemoSystems();
        await DemoHost.LayStores(app.Services, options, app.Lifetime.ApplicationStopping);
        await app.StartAsync();
        await Console.Out.WriteAsync($"ready {app.Urls.First()}\n");
        await DemoHost.FillStores(app.Services, options, app.Lifetime.ApplicationStopping);
        await app.WaitForShutdownAsync();
    }
}
