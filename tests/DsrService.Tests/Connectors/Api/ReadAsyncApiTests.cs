using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using DsrService.Connectors;
using DsrService.Connectors.Api;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using DsrService.Tests.Fulfilment;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace DsrService.Tests.Connectors.Api;

/// <summary>The document says what lies on the broker, no more and no less.</summary>
internal sealed class ReadAsyncApiTests
{
    private const string System = "webshop";
    private const string Account = $"{TestService.Controller}.{System}";
    private static readonly JsonObject Document = AsyncApiDocument.Make();

    private sealed record Seen(string Channel, JsonNode Body, string Text, IReadOnlyBasicProperties Properties);

    [Test]
    public async Task Get_BySystem_TheDocument()
    {
        await ConnectedBench.StartAsync();

        using var answer = await ConnectedBench.Client.GetAsync("/systems/v1/asyncapi.json");

        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/vnd.aai.asyncapi+json"));
        Assert.That(JsonNode.DeepEquals(await answer.Content.ReadFromJsonAsync<JsonNode>(), Document));
        Assert.That(await ConnectedBench.SaidAsync(await ConnectedBench.Service.Client.GetAsync("/systems/v1/asyncapi.json")), Is.EqualTo("401 http.unauthenticated"));
    }

    [Test]
    public void Document_Channels_AreTheQueuesThatThereAre()
    {
        var fixedNames = typeof(BusNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!);
        var named = typeof(BusNames).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => (string)method.Invoke(null, ["{controller}", "{system}"])!);

        Assert.That(Document["channels"]!.AsObject().Select(channel => (string)channel.Value!["address"]!), Is.EquivalentTo(fixedNames.Concat(named)));
        foreach (var (_, operation) in Document["operations"]!.AsObject())
        {
            var channel = JsonSchemaCheck.Followed(Document, (string)operation!["channel"]!["$ref"]!);
            var message = JsonSchemaCheck.Followed(Document, (string)operation["messages"]![0]!["$ref"]!);
            Assert.That(JsonSchemaCheck.Followed(Document, (string)message["$ref"]!)["payload"], Is.Not.Null);
            Assert.That((string)operation["action"]!, Is.EqualTo(((string)channel["address"]!).StartsWith("dsr.service.", StringComparison.Ordinal) ? "receive" : "send"));
        }
    }

    [Test]
    public async Task RabbitMq_EveryMessage_IsAsDescribed()
    {
        var broker = await RabbitMqServer.SharedAsync();
        await broker.AddUserAsync(new(Account, "secret", ".*", ".*", ".*"));
        await using var connection = await new ConnectionFactory { Uri = new(broker.Address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var seen = await ListenAsync(channel);
        ServiceConnection? service = null;
        var failed = false;
        await using var bench = await FulfilmentBench.StartConnectedAsync(
            services => AddWebshop(services, () => service!, () => !failed && (failed = true)), ("Dsr:Bus", broker.Address));
        var added = await bench.Service.InScopeAsync(services => services.GetRequiredService<AddSystem>().HandleAsync(new(TestService.Controller, System), default));
        service = new() { Address = bench.Service.Address, Token = added.Value!.Token, SealingKeys = [added.Value.SealingKey] };

        await bench.PlannedAsync(Right.Erasure);
        await Eventually.TrueAsync(() =>
        {
            bench.Service.Clock.Advance(TimeSpan.FromSeconds(5));
            return seen.Any(message => message.Channel == "receipt") && seen.Any(message => message.Channel == "failure");
        }, "the webshop failed once and answered then");
        var change = new SubjectStateChanged
        {
            EventId = Guid.CreateVersion7(),
            Controller = TestService.Controller,
            System = System,
            State = SubjectState.Objection,
            Change = SubjectStateChange.Begun,
            Purpose = "direct-marketing",
            At = bench.Service.Clock.GetUtcNow(),
            Identifiers = [new("email", "ada.lind@example.org", true)],
        };
        await bench.Service.Services.GetRequiredService<DsrBus>().SendAsync(BusNames.States(TestService.Controller, System), SubjectSeal.Seal(change, added.Value.SealingKey), default);
        await using var own = DsrBus.OverRabbitMq(new(broker.AddressOf(Account, "secret")));
        own.Start();
        // Only what takes its time is accepted first.
        await own.SendAsync(BusNames.Accepted, new TaskAccepted(Guid.CreateVersion7()), default);
        await own.SendAsync(BusNames.Heartbeat, new TaskHeartbeat(Guid.CreateVersion7()), default);
        await Eventually.TrueAsync(() => Document["channels"]!.AsObject().All(one => seen.Any(message => message.Channel == one.Key)), "something came on every channel");

        foreach (var message in seen)
            AssertDescribed(message);
        Assert.That(seen.Where(message => message.Channel == "receipt").Select(message => message.Body["sealed"]), Has.Some.Not.Null);
    }

    private static void AssertDescribed(Seen message)
    {
        var described = JsonSchemaCheck.Followed(Document, (string)Document["channels"]![message.Channel]!["messages"]!.AsObject().Single().Value!["$ref"]!);
        Assert.That(JsonSchemaCheck.Wrong(described["payload"]!, message.Body), Is.Null, message.Channel);
        Assert.That(message.Properties.ContentType, Is.EqualTo((string)described["contentType"]!));
        var operation = Document["operations"]!.AsObject().Single(one => ((string)one.Value!["channel"]!["$ref"]!).EndsWith($"/{message.Channel}", StringComparison.Ordinal)).Value!;
        Assert.That((int)message.Properties.DeliveryMode, Is.EqualTo((int)operation["bindings"]!["amqp"]!["deliveryMode"]!));
        Assert.That(message.Properties.UserId, Is.EqualTo((string)operation["action"]! == "receive" ? Account : "guest"), message.Channel);
        Assert.That(message.Text + Headers(message.Properties), Does.Not.Contain("ada.lind").IgnoreCase.And.Not.Contain("C-1001").IgnoreCase);
    }

    private static string Headers(IReadOnlyBasicProperties properties) => string.Join('\n', (properties.Headers ?? new Dictionary<string, object?>())
        .Select(header => $"{header.Key}: {(header.Value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : header.Value)}"));

    // Exchanges and queues as the document has them, before anybody else makes them: the broker refuses whoever sees them otherwise.
    private static async Task<ConcurrentQueue<Seen>> ListenAsync(IChannel channel)
    {
        var seen = new ConcurrentQueue<Seen>();
        foreach (var (key, described) in Document["channels"]!.AsObject())
        {
            var exchange = described!["bindings"]!["amqp"]!["exchange"]!;
            var name = ((string)exchange["name"]!).Replace("{controller}", TestService.Controller, StringComparison.Ordinal).Replace("{system}", System, StringComparison.Ordinal);
            await channel.ExchangeDeclareAsync(name, (string)exchange["type"]!, (bool)exchange["durable"]!, (bool)exchange["autoDelete"]!);
            await channel.QueueDeclareAsync(name, true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
            await channel.QueueBindAsync(name, name, "");
            var copy = (await channel.QueueDeclareAsync()).QueueName;
            await channel.QueueBindAsync(copy, name, "");
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, arrived) =>
            {
                var text = Encoding.UTF8.GetString(arrived.Body.Span);
                seen.Enqueue(new(key, JsonNode.Parse(text)!, text, new BasicProperties(arrived.BasicProperties)));
                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync(copy, autoAck: true, consumer);
        }
        return seen;
    }

    private static void AddWebshop(IServiceCollection services, Func<ServiceConnection> connection, Func<bool> fails) =>
        services.AddSingleton(fails).AddConnectedSystem<Webshop>(TestService.Controller, System, system =>
        {
            system.Declares(new() { Actions = Enum.GetValues<TaskAction>(), Gives = ["customer-number"], CanPreview = true }).HandledBy("webshop 1.0").ConnectsTo(_ => connection());
            foreach (var action in Enum.GetValues<TaskAction>())
                system.On(action, webshop => webshop.HandleAsync);
            system.OverRabbitMq(new($"amqp://{Account}:secret@127.0.0.1:{RabbitMqServer.SharedAsync().Result.Port}/"));
        });

    private sealed class Webshop(Func<bool> fails)
    {
        public Task<ReceiptDraft> HandleAsync(TaskContext task, CancellationToken cancel) => fails()
            ? throw new TaskFailedException("store.unavailable")
            : Task.FromResult(new ReceiptDraft().Gives("customer-number", "C-1001"));
    }
}
