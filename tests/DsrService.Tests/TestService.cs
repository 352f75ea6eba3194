using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Hosting;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using DsrService.Tests.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DsrService.Tests;

/// <summary>The whole service on Kestrel and a loopback port, on a Postgres database of its own, with a clock that stands
/// still. Nothing is replaced but the clock. The worker's loops and jobs run only where a test asks for that role.</summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string Controller = "toontrack";

    private readonly WebApplication app;
    private readonly string connectionString;
    private readonly string folder;
    private readonly List<HttpClient> clients = [];

    private TestService(WebApplication app, FakeClock clock, TestLog log, string connectionString, string folder) =>
        (this.app, Clock, Log, this.connectionString, this.folder) = (app, clock, log, connectionString, folder);

    public FakeClock Clock { get; }

    /// <summary>Every line logged so far.</summary>
    public TestLog Log { get; }

    public string ConnectionString => connectionString;

    public IServiceProvider Services => app.Services;

    public Uri Address => new(app.Urls.First());

    /// <summary>A client without cookies that follows no redirect.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <param name="configure">Changes to services, after the service's own.</param>
    /// <param name="settings">Such as <c>("Dsr:RateLimits:IntakePerMinute", "5")</c>.</param>
    public static async Task<TestService> StartAsync(Action<IServiceCollection>? configure = null, params (string Name, string Value)[] settings)
    {
        var postgres = await PostgresServer.SharedAsync();
        var template = await postgres.TemplateAsync("migrated", async connection =>
        {
            await using var source = NpgsqlDataSource.Create(connection);
            await Database.MigrateAsync(source, CancellationToken.None);
        });
        var database = await postgres.CreateDatabaseAsync(template);
        var folder = Reaper.Folder("service");
        var (clock, log) = (new FakeClock(), new TestLog());

        var all = new Dictionary<string, string>
        {
            ["ConnectionStrings:Dsr"] = database,
            ["Dsr:Keys"] = Path.Combine(folder, "keys"),
            ["Dsr:Files"] = Path.Combine(folder, "files"),
            ["Dsr:DataMaps"] = DataMaps,
            ["Dsr:RateLimits:IntakePerMinute"] = "10000",
            ["Dsr:RateLimits:TokensPerMinute"] = "10000",
            ["Dsr:Roles:0"] = "portal",
            ["Dsr:Roles:1"] = "desk",
            ["Dsr:Roles:2"] = "systems",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        var builder = ServiceHost.CreateBuilder([.. all.Select(setting => $"--{setting.Key}={setting.Value}")]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.RemoveAll<TimeProvider>();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Logging.ClearProviders().AddProvider(log);
        configure?.Invoke(builder.Services);

        var service = new TestService(ServiceHost.Build(builder), clock, log, database, folder);
        await service.app.StartAsync();
        service.Client = service.NewClient();
        return service;
    }

    /// <summary>A browser's client: keeps cookies, follows no redirect.</summary>
    public HttpClient NewBrowser() => NewClient(new CookieContainer());

    /// <summary>A client that follows no redirect; <paramref name="through"/> sees every call and its answer.</summary>
    public HttpClient NewClient(CookieContainer? cookies = null, string? bearer = null, DelegatingHandler? through = null)
    {
        HttpMessageHandler handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = cookies is not null, CookieContainer = cookies ?? new() };
        if (through is not null)
            (through.InnerHandler, handler) = (handler, through);
#pragma warning disable RS0030 // The test's own client to its own service.
        var client = new HttpClient(handler)
        {
            BaseAddress = Address,
        };
#pragma warning restore RS0030
        if (bearer is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        clients.Add(client);
        return client;
    }

    /// <summary>Runs with one scope's services, as one HTTP request would.</summary>
    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> run)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await run(scope.ServiceProvider);
    }

    public Task<T> InDatabaseAsync<T>(Func<DsrDbContext, Task<T>> run) =>
        InScopeAsync(services => run(services.GetRequiredService<DsrDbContext>()));

    public Task<DataSubjectRequest> RequestAsync(string reference) =>
        InDatabaseAsync(db => db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(request => request.Reference == reference));

    /// <summary>The messages written for a request, oldest first, sent or not.</summary>
    public Task<IReadOnlyList<(NoticeKind Kind, NoticeContent Content)>> NoticesAsync(string reference) => InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<DsrDbContext>();
        var request = await db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(row => row.Reference == reference);
        var key = services.GetRequiredService<RequestKeys>().Open(request);
        var notices = await db.Set<Notice>().AsNoTracking().Where(notice => notice.RequestId == request.Id).OrderBy(notice => notice.Id).ToListAsync();
        return (IReadOnlyList<(NoticeKind, NoticeContent)>)[.. notices.Select(notice =>
            (notice.Kind, key.OpenJson<NoticeContent>(Notice.ContentField(notice.Id), notice.Content)))];
    });

    /// <summary>Moves the clock and runs one job, which need not be registered here.</summary>
    public Task RunJobAsync<T>(TimeSpan after) where T : class, IRecurring
    {
        Clock.Advance(after);
        return InScopeAsync(async services =>
        {
            await ActivatorUtilities.GetServiceOrCreateInstance<T>(services).RunAsync(CancellationToken.None);
            return true;
        });
    }

    /// <summary>Takes a request in over the public API; the token is the one in the mail.</summary>
    public async Task<(string Reference, string Token)> SubmitAsync(JsonObject body)
    {
        var (status, answer, _) = await PostAsync(Client, $"/api/v1/{Controller}/requests", body);
        Assert.That(status, Is.EqualTo(HttpStatusCode.Created), answer.ToString());
        var reference = answer.GetProperty("reference").GetString()!;
        return (reference, Links.TokenIn((await NoticesAsync(reference))[0].Content.Text));
    }

    /// <summary>The same, with the address confirmed; the token is the one that opens the status.</summary>
    public async Task<(string Reference, string AccessToken)> SubmitConfirmedAsync(JsonObject body)
    {
        var (reference, token) = await SubmitAsync(body);
        var (status, answer, _) = await PostAsync(Client, $"/api/v1/requests/{reference}/identity", new { token });
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), answer.ToString());
        return (reference, answer.GetProperty("accessToken").GetString()!);
    }

    /// <summary>Posts a body as JSON and reads the answer as JSON.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> PostAsync(HttpClient client, string path, object body)
    {
        var response = await client.PostAsJsonAsync(path, body, DsrJson.Options);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text), response);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            client.Dispose();
        await app.DisposeAsync();
        await using (var own = new NpgsqlConnection(connectionString))
            NpgsqlConnection.ClearPool(own);
        await (await PostgresServer.SharedAsync()).DropDatabaseAsync(connectionString);
        Directory.Delete(folder, recursive: true);
    }

    private static string DataMaps => Path.Combine(Repository, "deploy", "datamaps");

    /// <summary>The folder of the solution.</summary>
    public static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "DsrService.sln")))
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside their repository.");
            return folder;
        }
    }
}
