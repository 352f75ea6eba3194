using System.Net.Http.Json;
using System.Text.Json;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Tests.Fulfilment;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors;

/// <summary>A service with credentials for two systems and a task that has gone out to the first.</summary>
internal sealed class ConnectedBench : IAsyncDisposable
{
    public const string System = "webshop";
    public const string OtherSystem = "support-forum";

    private ConnectedBench(FulfilmentBench bench) => Bench = bench;

    public FulfilmentBench Bench { get; }
    public TestService Service => Bench.Service;
    public AddSystem.Output Credentials { get; private set; } = null!;

    public string Reference { get; private set; } = "";

    /// <summary>The task as its system got it.</summary>
    public SystemTask Task { get; private set; } = null!;

    /// <summary>Signed in as the task's system.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Signed in as another system.</summary>
    public HttpClient OtherClient { get; private set; } = null!;

    public static async Task<ConnectedBench> StartAsync(Right right = Right.Erasure)
    {
        var bench = new ConnectedBench(await FulfilmentBench.StartAsync());
        bench.Credentials = (await bench.AddAsync(System)).Value!;
        bench.Client = bench.Service.NewClient(bearer: bench.Credentials.Token);
        bench.OtherClient = bench.Service.NewClient(bearer: (await bench.AddAsync(OtherSystem)).Value!.Token);
        bench.Reference = await bench.Bench.PlannedAsync(right);
        // Before approval an erasure asks for previews; an access asks for nothing.
        if (right == Right.Access)
            await bench.Bench.ApproveAsync(bench.Reference);
        await bench.Bench.SettleAsync();
        bench.Task = bench.Bench.Sent.Select(sent => sent.Task).First(task => task.System == System);
        return bench;
    }

    public Task<Result<AddSystem.Output>> AddAsync(string system, string? address = null, bool replace = false) =>
        Service.InScopeAsync(services => services.GetRequiredService<AddSystem>()
            .HandleAsync(new(TestService.Controller, system, address, replace), CancellationToken.None));

    public Receipt NothingFound() => new ReceiptDraft().Complete(Task, Service.Clock.GetUtcNow(), "webshop 1.0");

    public Task<TaskState> StateAsync() => Service.InDatabaseAsync(async db => (await db.FindAsync<RequestTask>(Task.TaskId))!.State);

    /// <summary>Status and, of an answer that says no, its code.</summary>
    public static async Task<string> SaidAsync(HttpResponseMessage response)
    {
        using (response)
        {
            if (response.IsSuccessStatusCode)
                return $"{(int)response.StatusCode}";
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            return $"{(int)response.StatusCode} {problem.GetProperty("code").GetString()}";
        }
    }

    public async Task<string> PostAsync(HttpClient client, string step, object? body = null) => await SaidAsync(await client.PostAsync(
        $"/systems/v1/tasks/{Task.TaskId}/{step}", body is null ? null : JsonContent.Create(body, body.GetType(), options: DsrJson.Options)));

    /// <summary>What every step of the API owes: no token, a foreign token and another system's task lead nowhere.</summary>
    public async Task AssertOnlyTheOwnerAsync(string step, object? body = null)
    {
        using var stranger = Service.NewClient(bearer: "no-such-token");
        Assert.That(await PostAsync(Service.Client, step, body), Is.EqualTo("401 http.unauthenticated"));
        Assert.That(await PostAsync(stranger, step, body), Is.EqualTo("401 http.unauthenticated"));
        Assert.That(await PostAsync(OtherClient, step, body), Is.EqualTo("404 task.not_found"));
        Assert.That(await StateAsync(), Is.EqualTo(TaskState.Sent));
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
