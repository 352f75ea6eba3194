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
internal sealed class ConnectedBench
{
    public const string System = "webshop";
    public const string OtherSystem = "support-forum";

    // One task, not many, starts the service: the fixtures that use it do not run beside each other.
    private static FulfilmentBench? shared;
    private static AddSystem.Output? credentials;
    private static HttpClient? client;
    private static HttpClient? otherClient;

    private ConnectedBench(string reference, SystemTask task) => (Reference, Task) = (reference, task);

    public static FulfilmentBench Bench => shared!;
    public static TestService Service => Bench.Service;
    public static AddSystem.Output Credentials => credentials!;

    /// <summary>Signed in as the task's system.</summary>
    public static HttpClient Client => client!;

    /// <summary>Signed in as another system.</summary>
    public static HttpClient OtherClient => otherClient!;

    public string Reference { get; }

    /// <summary>The task as its system got it.</summary>
    public SystemTask Task { get; }

    /// <summary>A new request, on the service that all tests of connectors share.</summary>
    public static async Task<ConnectedBench> StartAsync(Right right = Right.Erasure)
    {
        shared ??= await FulfilmentBench.StartAsync();
        credentials ??= (await AddAsync(System)).Value!;
        client ??= Service.NewClient(bearer: credentials.Token, through: new ByTheDocument(Service));
        otherClient ??= Service.NewClient(bearer: (await AddAsync(OtherSystem)).Value!.Token, through: new ByTheDocument(Service));
        var reference = await shared.PlannedAsync(right);
        // Before approval an erasure asks for previews; an access asks for nothing.
        if (right == Right.Access)
            await shared.ApproveAsync(reference);
        await shared.SettleAsync();
        return new(reference, shared.Sent.Select(sent => sent.Task).First(task => task.Reference == reference && task.System == System && (right != Right.Access || task.Action == TaskAction.Access)));
    }

    public static Task<Result<AddSystem.Output>> AddAsync(string system, string? address = null, bool replace = false) =>
        Service.InScopeAsync(services => services.GetRequiredService<AddSystem>()
            .HandleAsync(new(TestService.Controller, system, address, replace), CancellationToken.None));

    public static async Task StopAsync()
    {
        if (shared is not null)
            await shared.DisposeAsync();
    }

    public Receipt NothingFound() => new ReceiptDraft().Complete(Task, Service.Clock.GetUtcNow(), "webshop 1.0");

    public async Task<TaskState> StateAsync() => (await RowAsync()).State;

    public Task<RequestTask> RowAsync() => Service.InDatabaseAsync(async db => (await db.FindAsync<RequestTask>(Task.TaskId))!);

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
        var stranger = Service.NewClient(bearer: "no-such-token");
        Assert.That(await PostAsync(Service.Client, step, body), Is.EqualTo("401 http.unauthenticated"));
        Assert.That(await PostAsync(stranger, step, body), Is.EqualTo("401 http.unauthenticated"));
        Assert.That(await PostAsync(OtherClient, step, body), Is.EqualTo("404 task.not_found"));
        Assert.That(await StateAsync(), Is.EqualTo(TaskState.Sent));
    }
}

[SetUpFixture]
internal sealed class StopConnectedBench
{
    [OneTimeTearDown]
    public Task StopAsync() => ConnectedBench.StopAsync();
}
