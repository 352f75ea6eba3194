using System.Collections.Concurrent;
using System.Text;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DsrService.Sdk.Tests.Http;

/// <summary>What the service answers over HTTP, and a program with the stub system beside it on the same port.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakeService(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = new("http://127.0.0.1");
    public ConcurrentQueue<Call> Calls { get; } = [];
    public ConcurrentQueue<int> NextStatuses { get; } = [];
    public IReadOnlyList<SystemTask> Waiting { get; set; } = [];
    public SubjectCheck Check { get; set; } = new(false, [], false);
    public ServiceConnection Connection => new()
    {
        Address = Address,
        Token = StubSystem.Connection.Token,
        SealingKeys = StubSystem.Connection.SealingKeys,
        WebhookSecrets = StubSystem.Connection.WebhookSecrets,
    };

    public static async Task<FakeService> StartAsync(TaskHandler handle, Action<ConnectedSystemBuilder<StubSystem>>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        FakeService? service = null;
        StubSystem.Add(builder.Services, handle, system =>
        {
            system.ConnectsTo(_ => service!.Connection);
            more?.Invoke(system);
        });
        service = new(builder.Build());
        service.app.MapPushedTasks();
        service.app.MapGet("/systems/v1/tasks", (Delegate)((HttpContext http) => service.RecordAsync(http, Results.Json(service.Waiting, DsrJson.Options))));
        service.app.MapPost("/systems/v1/subjects/check", (Delegate)((HttpContext http) => service.RecordAsync(http, Results.Json(service.Check, DsrJson.Options))));
        foreach (var name in (string[])["accept", "heartbeat", "receipt", "failure"])
            service.app.MapPost("/" + name, (Delegate)((HttpContext http) => service.RecordAsync(http, Results.Ok())));
        service.app.MapPut("/data/{part}", (Delegate)((HttpContext http) => service.RecordAsync(http, Results.NoContent())));
        service.app.Lifetime.ApplicationStarted.Register(() => service.Address = new(service.app.Urls.Single()));
        await service.app.StartAsync();
        return service;
    }

    public SystemTask Task(TaskAction action = TaskAction.Erase) => StubSystem.Task(action) with { Links = StubSystem.Links(Address) };

    public SystemsApi Api => app.Services.GetRequiredService<SystemsApi>();

    public TaskProcessor Processor => app.Services.GetRequiredService<TaskProcessor>();

    public async Task<Call> CallAsync(string path)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (Calls.FirstOrDefault(call => call.Path == path) is { } call)
                return call;
            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> RecordAsync(HttpContext http, IResult otherwise)
    {
        using StreamReader reader = new(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        Calls.Enqueue(new(http.Request.Path, body, http.Request.Headers.Authorization.ToString(),
            http.Request.ContentType ?? "", http.Request.Headers["Dsr-Category"].ToString()));
        return NextStatuses.TryDequeue(out var status)
            ? Results.Problem(statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = "test.said_so" })
            : otherwise;
    }

    internal sealed record Call(string Path, string Body, string Authorization, string ContentType, string Category);
}
