using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Connectors;

internal sealed class BusConnectorTests
{
    [Test]
    public async Task SendAsync_SystemListens_TaskArrivesSealed()
    {
        await using var bus = DsrBus.InMemory();
        TaskCompletionSource<SystemTask> arrived = new();
        bus.Receive<SystemTask>("dsr.toontrack.customer-survey", 1, (received, _) =>
        {
            arrived.SetResult(received.Message);
            return Task.CompletedTask;
        });
        bus.Start();
        var outgoing = Outgoing.Task(Binding.Bus);

        var result = await new BusConnector(bus).SendAsync(outgoing, CancellationToken.None);

        Assert.That(result, Is.InstanceOf<SendResult.Sent>());
        var task = await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That(task.Identifiers, Is.Null);
        Assert.That(SubjectSeal.Open(task, [outgoing.SealingKey]).Identifiers!.Single().Value.Reveal(), Is.EqualTo("ada.lind@example.org"));
    }

    [Test]
    public async Task SendAsync_NobodyListens_SaysSo()
    {
        await using var bus = DsrBus.InMemory();
        bus.Start();

        var result = await new BusConnector(bus).SendAsync(Outgoing.Task(Binding.Bus), CancellationToken.None);

        Assert.That(result, Is.EqualTo(new SendResult.Failed("connector.undeliverable")));
    }

    [Test]
    public async Task SendAsync_NoCredentials_NothingGoesOut()
    {
        await using var bus = DsrBus.InMemory();

        var result = await new BusConnector(bus).SendAsync(Outgoing.Task(Binding.Bus) with { SealingKey = "" }, CancellationToken.None);

        Assert.That(result, Is.EqualTo(new SendResult.Failed("connector.no_credentials")));
    }
}
