using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace DsrService.Testing;

internal sealed class RabbitMqServerTests
{
    [Test]
    public async Task AddUsers_WithRights_HoldsEachToItsOwnQueue()
    {
        var rabbit = await RabbitMqServer.SharedAsync();
        await rabbit.AddUsersAsync(
        [
            new BrokerUser("webshop", "p\"1\\", "^dsr\\.webshop$", "^dsr\\.webshop$", "^dsr\\.webshop$"),
            new BrokerUser("newsletter", "p2", "^$", "^$", "^dsr\\.newsletter$"),
        ]);

        await using var connection = await ConnectAsync(rabbit, "webshop", "p\"1\\");
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("dsr.webshop", durable: true, exclusive: false, autoDelete: false);

        Assert.That(
            async () => await channel.QueueDeclareAsync("dsr.newsletter", durable: true, exclusive: false, autoDelete: false),
            Throws.InstanceOf<OperationInterruptedException>().With.Message.Contains("ACCESS_REFUSED"));
    }

    [Test]
    public async Task StartAgain_AfterSigkill_HasTheSamePortAndTheMessages()
    {
        await using var rabbit = await RabbitMqServer.StartAsync();
        await using (var connection = await ConnectAsync(rabbit, "guest", "guest"))
        {
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
            await channel.QueueDeclareAsync("kept", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
            await channel.BasicPublishAsync(string.Empty, "kept", mandatory: true, "hello"u8.ToArray());
        }

        await rabbit.KillAsync();
        Assert.That(rabbit.IsRunning, Is.False);
        await rabbit.StartAgainAsync();

        // A quorum queue without its leader yet leaves a get unanswered, and the channel is lost with it.
        await using var again = await ConnectAsync(rabbit, "guest", "guest");
        var message = await Eventually.GetAsync(
            async () =>
            {
                await using var reader = await again.CreateChannelAsync();
                return await reader.BasicGetAsync("kept", autoAck: false);
            },
            "the message in the queue");
        Assert.That(message.Body.ToArray(), Is.EqualTo("hello"u8.ToArray()));
    }

    private static Task<IConnection> ConnectAsync(RabbitMqServer rabbit, string user, string password) =>
        new ConnectionFactory
        {
            HostName = "127.0.0.1",
            Port = rabbit.Port,
            UserName = user,
            Password = password,
            AutomaticRecoveryEnabled = false,
            ContinuationTimeout = TimeSpan.FromSeconds(4),
        }.CreateConnectionAsync();
}
