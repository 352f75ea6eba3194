using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DsrService.Sdk.Tests;

/// <summary>A small system whose handler each test sets.</summary>
internal sealed class StubSystem(StubSystem.Behaviour behaviour)
{
    public const string Controller = "toontrack";
    public const string System = "webshop";

    public static ServiceConnection Connection { get; } = new()
    {
        Address = new("https://dsr.example"),
        Token = "token-of-the-webshop",
        SealingKeys = [SubjectSeal.NewKey()],
        WebhookSecrets = [Sdk.Http.StandardWebhooks.NewSecret()],
    };

    public Task<ReceiptDraft> HandleAsync(TaskContext task, CancellationToken cancel) => behaviour.Handle(task, cancel);

    public static SystemTask Task(TaskAction action = TaskAction.Erase) => new()
    {
        TaskId = Guid.CreateVersion7(),
        Reference = "DSR-2026-7K3QX9PM",
        Controller = Controller,
        System = System,
        Action = action,
        Identifiers = [new("email", "ada.lind@example.org", true)],
        Scope =
        [
            new() { Category = "contact", Decision = ScopeDecision.Act },
            new() { Category = "orders", Decision = ScopeDecision.Keep, Reason = "accounting", Until = new(2033, 12, 31) },
        ],
        IssuedAt = new(2026, 11, 2, 9, 30, 0, TimeSpan.Zero),
        DueAt = new(2026, 11, 12, 9, 30, 0, TimeSpan.Zero),
        Attempt = 1,
        Links = Links(new("https://dsr.example")),
    };

    public static TaskLinks Links(Uri service) => new(
        new(service, "accept"), new(service, "heartbeat"), new(service, "data"), new(service, "receipt"), new(service, "failure"));

    public static ServiceCollection Services(
        TaskHandler handle, Action<ConnectedSystemBuilder<StubSystem>>? more = null, ServiceConnection? connection = null)
    {
        ServiceCollection services = new();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace));
        Add(services, handle, more, connection);
        return services;
    }

    public static void Add(
        IServiceCollection services,
        TaskHandler handle,
        Action<ConnectedSystemBuilder<StubSystem>>? more = null,
        ServiceConnection? connection = null)
    {
        services.AddSingleton(new Behaviour(handle));
        services.AddConnectedSystem<StubSystem>(Controller, System, system =>
        {
            system
                .Declares(new()
                {
                    Actions = [TaskAction.Access, TaskAction.Erase, TaskAction.StopProcessing, TaskAction.Verify],
                    Needs = ["email"],
                    Gives = ["customer-number"],
                    CanPreview = true,
                })
                .On(TaskAction.Access, stub => stub.HandleAsync)
                .On(TaskAction.Erase, stub => stub.HandleAsync)
                .On(TaskAction.StopProcessing, stub => stub.HandleAsync)
                .On(TaskAction.Verify, stub => stub.HandleAsync)
                .ConnectsTo(connection ?? Connection)
                .HandledBy("stub 1.0");
            more?.Invoke(system);
        });
    }

    internal sealed record Behaviour(TaskHandler Handle);
}

/// <summary>Remembers what would have gone to the service.</summary>
internal sealed class RecordedAnswers : ITaskAnswers
{
    private readonly TaskCompletionSource accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource beaten = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Accepted => accepted.Task;
    public Task Beaten => beaten.Task;

    /// <summary>Whether an acceptance gets through.</summary>
    public bool Accepts { get; init; } = true;

    public int Acceptances { get; private set; }
    public int Heartbeats { get; private set; }
    public List<Receipt> Receipts { get; } = [];
    public List<TaskFailure> Failures { get; } = [];

    public Task AcceptAsync(SystemTask task, CancellationToken cancel)
    {
        Acceptances++;
        accepted.TrySetResult();
        return Accepts ? Task.CompletedTask : Task.FromException(new HttpRequestException("Nobody there."));
    }

    public Task HeartbeatAsync(SystemTask task, CancellationToken cancel)
    {
        Heartbeats++;
        beaten.TrySetResult();
        return Task.CompletedTask;
    }

    public Task SendReceiptAsync(SystemTask task, Receipt receipt, CancellationToken cancel)
    {
        Receipts.Add(receipt);
        return Task.CompletedTask;
    }

    public Task SendFailureAsync(SystemTask task, TaskFailure failure, CancellationToken cancel)
    {
        Failures.Add(failure);
        return Task.CompletedTask;
    }
}
