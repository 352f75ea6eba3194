using System.Globalization;
using System.Net;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Sdk.Contracts;
using DsrService.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace DsrService.Hosting;

/// <summary>Puts the service together: what every role shares, then each feature for the roles that run here.</summary>
internal static class ServiceHost
{
    /// <summary>A host that the demo may extend before it is built; <paramref name="defaults"/> sets what nobody configured.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args, Action<ConfigurationManager>? defaults = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        defaults?.Invoke(builder.Configuration);
        SecretFiles.ReadInto(builder.Configuration);
        builder.Host.UseDefaultServiceProvider(options => (options.ValidateOnBuild, options.ValidateScopes) = (true, true));
        // One line for each statement or call would cost intake a good part of its rate, and says nothing the audit does not.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

        var services = builder.Services;
        SpreadLists(builder.Configuration);
        var options = builder.Configuration.GetSection(DsrOptions.Section);
        services.AddOptions<DsrOptions>().Bind(options, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        var settings = options.Get<DsrOptions>() ?? new DsrOptions();

        services.AddSingleton<Clock>();
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<Clock>());
        services.AddDatabase(ConnectionString(builder.Configuration));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<RequestKeys>();
        services.AddSingleton<IdentifierHashes>();
        services.AddSingleton<AuditLog>();
        services.AddScoped<AccessLog>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkSignal>());
        services.AddDataProtection().SetApplicationName("DsrService");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
            keys.XmlRepository = new DataProtectionKeys(provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<KeyRing>())));
        services.ConfigureHttpJsonOptions(json => DsrJson.Configure(json.SerializerOptions));
        services.AddProblems();
        services.AddSite(settings);
        services.AddHealthChecks();
        services.AddAuthentication();
        services.AddAuthorization();
        TrustProxies(services, settings);

        services.AddFeatures(settings);
        return builder;
    }

    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages(ErrorPages.FillAsync);
        // Named here, or the framework would put them before the lines above, and their refusals would have no document.
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapHealthChecks("/health");
        app.MapSite();
        app.MapFeatures(app.Services.GetRequiredService<IOptions<DsrOptions>>().Value);
        return app;
    }

    // A list may be one text, as environment variables have it: Dsr__Roles=portal,desk. Left alone it would read as none,
    // and no roles would mean all of them.
    private static void SpreadLists(ConfigurationManager configuration)
    {
        foreach (var name in (string[])["Roles", "TrustedProxies", "PrivateSystems"])
            if (configuration[$"{DsrOptions.Section}:{name}"] is { Length: > 0 } text)
                configuration.AddInMemoryCollection(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select((item, at) => KeyValuePair.Create($"{DsrOptions.Section}:{name}:{at}", (string?)item)));
    }

    /// <summary>The settings of a command that needs no more of the service than these.</summary>
    public static IConfiguration Settings()
    {
        var configuration = new ConfigurationManager();
        configuration.AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables();
        SecretFiles.ReadInto(configuration);
        return configuration;
    }

    public static string ConnectionString(IConfiguration configuration) =>
        configuration.GetConnectionString("Dsr") ?? configuration["DSR_DATABASE"]
        ?? throw new OptionsValidationException("ConnectionStrings:Dsr", typeof(string),
            ["ConnectionStrings:Dsr (or DSR_DATABASE) is not set: the service needs a Postgres database, such as Host=localhost;Username=dsr;Database=dsr."]);

    private static void TrustProxies(IServiceCollection services, DsrOptions settings) =>
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            forwarded.ForwardedHeaders = settings.TrustedProxies.Length == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            foreach (var proxy in settings.TrustedProxies)
                if (System.Net.IPNetwork.TryParse(proxy, out var network))
                    forwarded.KnownIPNetworks.Add(network);
                else if (IPAddress.TryParse(proxy, out var address))
                    forwarded.KnownProxies.Add(address);
                else
                    throw new OptionsValidationException("Dsr:TrustedProxies", typeof(DsrOptions),
                        [string.Create(CultureInfo.InvariantCulture, $"Dsr:TrustedProxies holds '{proxy}', which is neither an address nor a network.")]);
        });
}
