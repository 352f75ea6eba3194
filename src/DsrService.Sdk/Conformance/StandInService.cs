using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DsrService.Sdk.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DsrService.Sdk.Conformance;

/// <summary>Stands in for the service in a system owner's own tests and in conformance runs: the endpoints for connected
/// systems over real HTTP, taking receipts, failures and data, and forgetting everything at its end. It checks the token and
/// nothing else; <see cref="ConformanceRun"/> judges.</summary>
public sealed class StandInService : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly byte[] token;
    private readonly ConcurrentDictionary<Guid, OpenTask> tasks = [];

    private StandInService(WebApplication app, string token)
    {
        this.app = app;
        this.token = Encoding.UTF8.GetBytes($"Bearer {token}");
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Starts listening.</summary>
    /// <param name="token">The bearer token that the system presents.</param>
    /// <param name="listen">Where; a free port of the loopback interface unless given.</param>
    public static async Task<StandInService> StartAsync(string token, string listen = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(listen);
        builder.Services.AddRouting();
        builder.Logging.ClearProviders();
        var service = new StandInService(builder.Build(), token);
        service.Map();
        await service.app.StartAsync();
        service.Address = new(service.app.Urls.First());
        return service;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>The system, fetching its tasks here.</summary>
    public ISystemUnderTest Pulling() => new PullingSystem(this);

    /// <summary>The task with the links to answer it here.</summary>
    public SystemTask Linked(SystemTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var at = new Uri(Address, $"/systems/v1/tasks/{task.TaskId}/");
        return task with { Links = new(new(at, "accept"), new(at, "heartbeat"), new(at, "data"), new(at, "receipt"), new(at, "failure")) };
    }

    /// <summary>Waits for the answer that comes here, or that <see cref="Take(Receipt)"/> is told of.</summary>
    internal async Task<SystemAnswer> AnswerAsync(Guid task, TimeSpan patience, CancellationToken cancel)
    {
        var open = tasks.GetOrAdd(task, _ => new());
        var answer = await Task.WhenAny(open.Answer.Task, Task.Delay(patience, cancel)) == open.Answer.Task
            ? await open.Answer.Task
            : new() { Silence = $"nothing within {patience.TotalSeconds:0} s" };
        return answer with { Uploaded = open.Uploaded() };
    }

    /// <summary>Expects an answer for a task that goes out now.</summary>
    internal void Expect(SystemTask task, bool fetched = false)
    {
        var open = tasks.GetOrAdd(task.TaskId, _ => new());
        lock (open)
        {
            if (open.Answer.Task.IsCompleted)
                open.Answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            open.Waiting = fetched ? task : null;
        }
    }

    internal void Take(Receipt receipt) => End(receipt.TaskId, new() { Receipt = receipt });

    internal void Take(TaskFailure failure) => End(failure.TaskId, new() { Failure = failure });

    internal IReadOnlyDictionary<string, int> Uploaded(Guid task) => tasks.TryGetValue(task, out var open) ? open.Uploaded() : new Dictionary<string, int>();

    private void End(Guid task, SystemAnswer answer)
    {
        if (!tasks.TryGetValue(task, out var open))
            return;
        open.Waiting = null;
        open.Answer.TrySetResult(answer);
    }

    private void Map()
    {
        app.Use(async (http, next) =>
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString()), token))
                await next(http);
            else
                http.Response.StatusCode = 401;
        });
        app.MapGet("/systems/v1/tasks", (RequestDelegate)(http =>
            http.Response.WriteAsJsonAsync(tasks.Values.Select(open => open.Waiting).OfType<SystemTask>().ToList(), DsrJson.Options)));
        foreach (var (name, take) in new (string, Func<HttpContext, Guid, Task<bool>>)[]
            { ("accept", (_, _) => Task.FromResult(true)), ("heartbeat", (_, _) => Task.FromResult(true)), ("receipt", TakeReceiptAsync), ("failure", TakeFailureAsync) })
            app.MapPost($"/systems/v1/tasks/{{id:guid}}/{name}", (RequestDelegate)(http => AnswerAsync(http, take)));
        app.MapPut("/systems/v1/tasks/{id:guid}/data/{part}", (RequestDelegate)(http => AnswerAsync(http, TakeDataAsync)));
    }

    private async Task AnswerAsync(HttpContext http, Func<HttpContext, Guid, Task<bool>> take)
    {
        var id = Guid.Parse((string)http.Request.RouteValues["id"]!);
        http.Response.StatusCode = !tasks.ContainsKey(id) ? 404 : await take(http, id) ? 200 : 400;
    }

    private async Task<bool> TakeReceiptAsync(HttpContext http, Guid id)
    {
        if (await ReadAsync<Receipt>(http) is not { } receipt || receipt.TaskId != id)
            return false;
        Take(receipt);
        return true;
    }

    private async Task<bool> TakeFailureAsync(HttpContext http, Guid id)
    {
        if (await ReadAsync<FailureBody>(http) is not { } failure)
            return false;
        Take(new TaskFailure(id, failure.Code, failure.Message, failure.RetryAfterSeconds));
        return true;
    }

    private async Task<bool> TakeDataAsync(HttpContext http, Guid id)
    {
        var category = http.Request.Headers["Dsr-Category"].ToString();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (category.Length == 0 || http.Request.ContentType is not { } type)
            return false;
        var counter = new RecordCounter(type);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
            counter.Add(buffer.AsSpan(0, read));
        tasks[id].Parts[(string)http.Request.RouteValues["part"]!] = (category, counter.Records);
        return true;
    }

    private static async Task<T?> ReadAsync<T>(HttpContext http) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, DsrJson.Options, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record FailureBody(string Code, string? Message, int? RetryAfterSeconds);

    private sealed class OpenTask
    {
        public volatile TaskCompletionSource<SystemAnswer> Answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public volatile SystemTask? Waiting;
        public ConcurrentDictionary<string, (string Category, int Records)> Parts { get; } = [];

        public Dictionary<string, int> Uploaded() =>
            Parts.Values.GroupBy(part => part.Category).ToDictionary(group => group.Key, group => group.Sum(part => part.Records));
    }

    private sealed class PullingSystem(StandInService service) : ISystemUnderTest
    {
        public Task<SystemAnswer> AskAsync(SystemTask task, TimeSpan patience, CancellationToken cancel)
        {
            service.Expect(service.Linked(task), fetched: true);
            return service.AnswerAsync(task.TaskId, patience, cancel);
        }
    }
}
