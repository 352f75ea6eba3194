using System.Globalization;
using DsrService.Data;
using DsrService.Hosting;
using DsrService.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DsrService.Benchmarks;

/// <summary>The service as it is deployed, in this process, on a durable Postgres of its own.</summary>
internal sealed class BenchmarkService : IAsyncDisposable
{
    private readonly WebApplication app;

    private BenchmarkService(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    public Uri Address => new(app.Urls.First());

    public static async Task<string> NewDatabaseAsync(PostgresServer postgres)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await Database.MigrateAsync(source, CancellationToken.None);
        return database;
    }

    public static async Task<BenchmarkService> StartAsync(string database, string folder, string dataMaps, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["ConnectionStrings:Dsr"] = database,
            ["Dsr:Keys"] = Path.Combine(folder, "keys"),
            ["Dsr:Files"] = Path.Combine(folder, "files"),
            ["Dsr:DataMaps"] = dataMaps,
            ["Dsr:RateLimits:IntakePerMinute"] = "1000000",
            ["Dsr:RateLimits:IntakePerSenderAndDay"] = "1000000",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        var builder = ServiceHost.CreateBuilder([.. all.Select(setting => $"--{setting.Key}={setting.Value}")]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = ServiceHost.Build(builder);
        await app.StartAsync();
        return new BenchmarkService(app);
    }

    public static string Line(string name, double rate, double raw) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}: {rate:0}/s, raw {raw:0}/s, ratio {rate / raw:0.00}");

    public static string RepositoryFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DsrService.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The benchmarks run outside their repository.");
        return folder;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
