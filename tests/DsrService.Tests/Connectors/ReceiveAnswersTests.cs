using System.Text.Json;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using DsrService.Tests.Fulfilment;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace DsrService.Tests.Connectors;

/// <summary>The service and a system of the SDK, with everything between them.</summary>
internal sealed class ReceiveAnswersTests
{
    private const string System = "webshop";

    [Test]
    public async Task InMemory_TaskOut_AnswerCounted()
    {
        ServiceConnection? connection = null;
        await using var bench = await FulfilmentBench.StartConnectedAsync(services =>
            AddWebshop(services, () => connection!, (_, _) => Task.FromResult(new ReceiptDraft()), system => system.OverHostBus()));
        connection = await ConnectAsync(bench);

        var reference = await bench.PlannedAsync(Right.Erasure);

        await DoneAsync(bench, reference);
    }

    [Test]
    public async Task RabbitMq_ForgedAnswers_OnlyTheSystemsOwnCounts()
    {
        var broker = await RabbitMqServer.SharedAsync();
        await broker.AddUsersAsync([Account("toontrack.webshop"), Account("toontrack.support-forum")]);
        ServiceConnection? connection = null;
        TaskCompletionSource<SystemTask> begun = new();
        TaskCompletionSource forged = new();
        await using var bench = await FulfilmentBench.StartConnectedAsync(
            services => AddWebshop(services, () => connection!, async (task, cancel) =>
            {
                begun.TrySetResult(task.Task);
                await forged.Task.WaitAsync(cancel);
                return new();
            }, system => system.OverRabbitMq(new(broker.AddressOf("toontrack.webshop", "secret")))),
            ("Dsr:Bus", broker.Address));
        connection = await ConnectAsync(bench);
        await ConnectAsync(bench, "support-forum");
        var reference = await bench.PlannedAsync(Right.Erasure);
        await Eventually.TrueAsync(() =>
        {
            bench.Service.Clock.Advance(TimeSpan.FromSeconds(5));
            return begun.Task.IsCompleted;
        }, "the webshop got its task");
        var receipt = new ReceiptDraft().Complete(await begun.Task, bench.Service.Clock.GetUtcNow(), "forger 1.0");

        await ForgeAsync(broker.AddressOf("toontrack.support-forum", "secret"), "toontrack.support-forum", receipt);
        await ForgeAsync(broker.AddressOf("toontrack.support-forum", "secret"), null, receipt);
        await Eventually.TrueAsync(() => Logged(bench, "toontrack/support-forum") && Logged(bench, "nobody the broker vouches for"), "both forgeries were seen");
        var untouched = await bench.Service.InDatabaseAsync(async db => (await db.FindAsync<RequestTask>(receipt.TaskId))!);
        forged.SetResult();

        Assert.That(untouched.Outcome, Is.Null);
        await DoneAsync(bench, reference);
        var handler = await bench.Service.InDatabaseAsync(async db => (await db.FindAsync<RequestTask>(receipt.TaskId))!.Handler);
        Assert.That(handler, Is.EqualTo("webshop 1.0"));
    }

    private static bool Logged(FulfilmentBench bench, string text) => bench.Service.Log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    private static async Task DoneAsync(FulfilmentBench bench, string reference) => await Eventually.TrueAsync(
        async () =>
        {
            bench.Service.Clock.Advance(TimeSpan.FromSeconds(5));
            return (await bench.TasksAsync(reference)).Where(task => task.System == System && task.State != TaskState.Planned).ToList() is { Count: > 0 } tasks
                && tasks.All(task => task is { State: TaskState.Done, Outcome: ReceiptOutcome.NothingFound });
        }, "the webshop's answer counted");

    private static async Task ForgeAsync(string address, string? userId, Receipt receipt)
    {
        await using var connection = await new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        BasicProperties properties = new();
        if (userId is not null)
            properties.UserId = userId;
        await channel.BasicPublishAsync(BusNames.Receipt, "", true, properties, JsonSerializer.SerializeToUtf8Bytes(receipt, DsrJson.Options));
    }

    private static BrokerUser Account(string name) => new(name, "secret", ".*", ".*", ".*");

    private static async Task<ServiceConnection> ConnectAsync(FulfilmentBench bench, string system = System)
    {
        var added = await bench.Service.InScopeAsync(services => services.GetRequiredService<AddSystem>()
            .HandleAsync(new(TestService.Controller, system), CancellationToken.None));
        return new() { Address = bench.Service.Address, Token = added.Value!.Token, SealingKeys = [added.Value.SealingKey] };
    }

    private static void AddWebshop(
        IServiceCollection services, Func<ServiceConnection> connection, TaskHandler handle, Action<ConnectedSystemBuilder<Webshop>> bind) =>
        services.AddSingleton(handle).AddConnectedSystem<Webshop>(TestService.Controller, System, system =>
        {
            system.Declares(new() { Actions = Enum.GetValues<TaskAction>(), CanPreview = true })
                .HandledBy("webshop 1.0")
                .ConnectsTo(_ => connection());
            foreach (var action in Enum.GetValues<TaskAction>())
                system.On(action, webshop => webshop.HandleAsync);
            bind(system);
        });

    private sealed class Webshop(TaskHandler handle)
    {
        public Task<ReceiptDraft> HandleAsync(TaskContext task, CancellationToken cancel) => handle(task, cancel);
    }
}
