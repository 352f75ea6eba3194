using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace DsrService.Sdk.Tests.Bus;

/// <summary>Over a real broker, the system signed in with an account that may do no more than it needs.</summary>
internal sealed class RabbitMqTests
{
    private const string Queue = "dsr.toontrack.webshop";
    private readonly Channel<ReceivedMessage<Receipt>> receipts = Channel.CreateUnbounded<ReceivedMessage<Receipt>>();
    private readonly Channel<ReceivedMessage<TaskFailure>> failures = Channel.CreateUnbounded<ReceivedMessage<TaskFailure>>();
    private RabbitMqServer broker = null!;
    private DsrBus service = null!;
    private string systemAddress = null!;
    private readonly RecordedLog log = new();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        broker = await RabbitMqServer.StartAsync();
        systemAddress = await broker.AddUserAsync(SystemAccount("toontrack.webshop"));
        service = DsrBus.OverRabbitMq(new(broker.Address), log);
        service.Receive<Receipt>(BusNames.Receipt, 4, async (received, cancel) => await receipts.Writer.WriteAsync(received, cancel));
        service.Receive<TaskFailure>(BusNames.Failure, 4, async (received, cancel) => await failures.Writer.WriteAsync(received, cancel));
        service.Start();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await service.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Test, Order(1)]
    public async Task SendAsync_NoSuchQueue_Undeliverable()
    {
        Assert.ThrowsAsync<UndeliverableException>(() => service.SendAsync("dsr.toontrack.nobody", StubSystem.Task(), CancellationToken.None));
        await Task.CompletedTask;
    }

    [Test, Order(2)]
    public async Task OverRabbitMq_SealedTask_ReceiptWithTheVouchedSender()
    {
        await using var system = await StartSystemAsync();
        var task = StubSystem.Task();

        await SendAsync(task);
        var receipt = await ReadAsync(receipts);

        Assert.That(receipt.Sender, Is.EqualTo("toontrack.webshop"));
        Assert.That(receipt.Message.TaskId, Is.EqualTo(task.TaskId));
        Assert.That(SubjectSeal.Open(receipt.Message, StubSystem.Connection.SealingKeys).Identifiers!.Single().Value.Reveal(), Is.EqualTo("C-1001"));
        Assert.That(await broker.ControlAsync("list_queues", "name", "type", "durable"), Does.Contain($"{Queue}\tquorum\ttrue"));
    }

    /// <summary>A system in another language: bare JSON in, bare JSON out.</summary>
    [Test, Order(3)]
    public async Task OverRabbitMq_ForeignClient_SpeaksRawJson()
    {
        await using var system = await StartSystemAsync();
        var task = SubjectSeal.Seal(StubSystem.Task(), StubSystem.Connection.SealingKeys[0]);
        await using var connection = await ConnectAsync(broker.Address);
        await using var channel = await connection.CreateChannelAsync();
        var tap = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(tap.QueueName, BusNames.Receipt, "");

        await channel.BasicPublishAsync(Queue, "", JsonSerializer.SerializeToUtf8Bytes(task, DsrJson.Options));
        var answer = await ReadAsync(receipts);
        var raw = await channel.BasicGetAsync(tap.QueueName, autoAck: true);

        Assert.That(answer.Message.TaskId, Is.EqualTo(task.TaskId));
        Assert.That(raw!.BasicProperties.ContentType, Is.EqualTo("application/json"));
        Assert.That(raw.BasicProperties.UserId, Is.EqualTo("toontrack.webshop"));
        var headers = string.Join(' ', (raw.BasicProperties.Headers ?? new Dictionary<string, object?>())
            .Select(header => $"{header.Key}={(header.Value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : header.Value)}"));
        Assert.That(headers, Does.Not.Contain(Environment.MachineName).And.Not.Contain("MT-Host"));
        var text = Encoding.UTF8.GetString(raw.Body.Span);
        Assert.That(text, Does.StartWith($$"""{"taskId":"{{task.TaskId}}","outcome":"completed","items":[{"category":"contact","found":1"""));
        Assert.That(text, Does.Contain("\"sealed\":\"").And.Not.Contain("C-1001"));
    }

    [Test, Order(4)]
    public async Task OverRabbitMq_ForgedSender_RefusedByTheBroker()
    {
        await using var connection = await ConnectAsync(systemAddress);
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var receipt = new ReceiptDraft().Erased("contact", 1).Complete(StubSystem.Task(), TimeProvider.System.GetUtcNow(), "forger");
        BasicProperties properties = new() { UserId = "toontrack.newsletter" };

        Assert.CatchAsync(() => channel.BasicPublishAsync(
            BusNames.Receipt, "", true, properties, JsonSerializer.SerializeToUtf8Bytes(receipt, DsrJson.Options)).AsTask());
    }

    [Test, Order(5)]
    public async Task OverRabbitMq_PoisonMessage_LeavesNothingReadableAndTheNextIsDone()
    {
        await using var system = await StartSystemAsync();
        await using var connection = await ConnectAsync(broker.Address);
        await using var channel = await connection.CreateChannelAsync();
        string[] poison =
        [
            """{"action":"ada.lind@example.org"}""",
            """{"ada.lind@example.org":1}""",
            "ada.lind@example.org",
            JsonSerializer.Serialize(StubSystem.Task() with { System = "ada-lind" }, DsrJson.Options),
        ];
        foreach (var body in poison)
            await channel.BasicPublishAsync(Queue, "", Encoding.UTF8.GetBytes(body));
        var next = StubSystem.Task();

        await SendAsync(next);

        Assert.That((await ReadAsync(receipts)).Message.TaskId, Is.EqualTo(next.TaskId));
        Assert.That(await broker.ControlAsync("list_queues", "name", "messages"), Does.Not.Contain("_error").And.Not.Contain("_skipped"));
        Assert.That(log.Text, Does.Contain("is not a SystemTask").And.Not.Contain("ada.lind").And.Not.Contain("ada-lind"));
    }

    [Test, Order(6)]
    public async Task OverRabbitMq_OpenIdentifiers_NotWorkedOn()
    {
        await using var system = await StartSystemAsync();

        await service.SendAsync(Queue, StubSystem.Task(), CancellationToken.None);

        Assert.That((await ReadAsync(failures)).Message.Code, Is.EqualTo("task.not_sealed"));
    }

    [Test, Order(7)]
    public async Task OverRabbitMq_SystemStopsAtWork_TheNextOneGetsTheTask()
    {
        TaskCompletionSource begun = new();
        var first = await StartSystemAsync(async (_, cancel) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            return new();
        });
        var task = StubSystem.Task();
        await SendAsync(task);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await first.DisposeAsync();
        await using var second = await StartSystemAsync();

        Assert.That((await ReadAsync(receipts)).Message.TaskId, Is.EqualTo(task.TaskId));
    }

    [Test, Order(8)]
    public async Task Start_AccountRefusedAtFirst_ConnectsOnceItIsThere()
    {
        var late = SystemAccount("toontrack.newsletter");
        await using var bus = DsrBus.OverRabbitMq(new(broker.AddressOf(late.Name, late.Password)), log);
        TaskCompletionSource<TaskAccepted> arrived = new();
        bus.Receive<TaskAccepted>("dsr.toontrack.newsletter", 1, (received, _) =>
        {
            arrived.TrySetResult(received.Message);
            return Task.CompletedTask;
        });

        bus.Start();
        await Eventually.TrueAsync(() => log.Text.Contains("could not be started as toontrack.newsletter", StringComparison.Ordinal), "the refusal shows");
        await broker.AddUsersAsync([late]);

        await Eventually.TrueAsync(async () =>
        {
            await service.SendAsync("dsr.toontrack.newsletter", new TaskAccepted(Guid.CreateVersion7()), CancellationToken.None);
            return true;
        }, "the queue is there");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test, Order(9)]
    public async Task OverRabbitMq_BrokerAwayForAWhile_TasksArriveAfterwards()
    {
        await using var system = await StartSystemAsync();
        await SendAsync(StubSystem.Task());
        await ReadAsync(receipts);

        await broker.StopAsync();
        await Eventually.TrueAsync(() => !service.IsConnected, "the bus knows");
        await broker.StartAgainAsync();
        var task = StubSystem.Task();
        await SendAsync(task);

        await Eventually.TrueAsync(() => service.IsConnected, "the bus knows that the broker is back");
        Receipt receipt;
        do
            receipt = (await ReadAsync(receipts)).Message;
        while (receipt.TaskId != task.TaskId);
    }

    [Test, Order(20)]
    public async Task OverRabbitMq_BrokerGoesWhileATaskIsInHand_TheSystemIsReachedAgain()
    {
        TaskCompletionSource begun = new();
        TaskCompletionSource goOn = new();
        await using var system = await StartSystemAsync(async (_, _) =>
        {
            begun.TrySetResult();
            await goOn.Task;
            return new ReceiptDraft().Erased("contact", 1);
        });
        var inHand = StubSystem.Task();
        await SendAsync(inHand);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await broker.StopAsync();
        goOn.SetResult();
        await broker.StartAgainAsync();
        var later = StubSystem.Task();
        await SendAsync(later);

        HashSet<Guid> answered = [];
        while (!answered.IsSupersetOf([inHand.TaskId, later.TaskId]))
            answered.Add((await ReadAsync(receipts)).Message.TaskId);
    }

    private static BrokerUser SystemAccount(string name)
    {
        const string service = @"dsr\.service\.(accepted|heartbeat|receipt|failure)";
        var own = @$"dsr\.{name.Replace(".", @"\.", StringComparison.Ordinal)}";
        return new(name, "secret-of-the-webshop", Configure: $"^({own}|{service})$", Write: $"^({own}|{service})$", Read: $"^{own}$");
    }

    private async Task<IAsyncDisposable> StartSystemAsync(TaskHandler? handle = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        StubSystem.Add(
            builder.Services,
            handle ?? ((_, _) => Task.FromResult(new ReceiptDraft().Erased("contact", 1).Gives("customer-number", "C-1001"))),
            system => system.OverRabbitMq(new(systemAddress)));
        var host = builder.Build();
        await host.StartAsync();
        return new Running(host);
    }

    /// <summary>As the service does: again until it is taken.</summary>
    private async Task SendAsync(SystemTask task)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                await service.SendAsync(Queue, SubjectSeal.Seal(task, StubSystem.Connection.SealingKeys[0]), late.Token);
                return;
            }
            catch (UndeliverableException)
            {
                await timer.WaitForNextTickAsync(late.Token);
            }
        }
    }

    private static async Task<T> ReadAsync<T>(Channel<T> channel)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
        return await channel.Reader.ReadAsync(late.Token);
    }

    private static Task<IConnection> ConnectAsync(string address) =>
        new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync();

    private sealed class Running(IHost host) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
