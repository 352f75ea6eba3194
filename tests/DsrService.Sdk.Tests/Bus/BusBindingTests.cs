using System.Threading.Channels;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DsrService.Sdk.Tests.Bus;

internal sealed class BusBindingTests
{
    [Test]
    public async Task OverHostBus_SealedTask_ReceiptComesBackSealed()
    {
        var receipts = Channel.CreateUnbounded<Receipt>();
        await using var services = Services();
        var bus = services.GetRequiredService<DsrBus>();
        bus.Receive<Receipt>(BusNames.Receipt, 4, async (received, cancel) => await receipts.Writer.WriteAsync(received.Message, cancel));
        bus.Start();
        foreach (var hosted in services.GetServices<IHostedService>())
            await hosted.StartAsync(default);
        var task = StubSystem.Task();

        await bus.SendAsync(BusNames.Tasks("toontrack", "webshop"), SubjectSeal.Seal(task, StubSystem.Connection.SealingKeys[0]), default);

        using CancellationTokenSource late = new(TimeSpan.FromSeconds(30));
        var receipt = await receipts.Reader.ReadAsync(late.Token);
        Assert.That(receipt.TaskId, Is.EqualTo(task.TaskId));
        Assert.That(receipt.Identifiers, Is.Null);
        Assert.That(SubjectSeal.Open(receipt, StubSystem.Connection.SealingKeys).Identifiers!.Single().Value.Reveal(), Is.EqualTo("C-1001"));
    }

    [Test]
    public async Task OverHostBus_StateChanged_ReachesItsHandlerOpenedAndAForeignOneDoesNot()
    {
        var heard = Channel.CreateUnbounded<SubjectStateChanged>();
        var stub = StubSystem.Services((_, _) => Task.FromResult(new ReceiptDraft()), system => system.OverHostBus()
            .OnStateChange(_ => async (change, cancel) => await heard.Writer.WriteAsync(change, cancel)));
        stub.AddSingleton(_ => DsrBus.InMemory());
        await using var services = stub.BuildServiceProvider();
        foreach (var hosted in services.GetServices<IHostedService>())
            await hosted.StartAsync(default);
        var change = new SubjectStateChanged
        {
            EventId = Guid.CreateVersion7(),
            Controller = "toontrack",
            System = "webshop",
            State = SubjectState.Restriction,
            Change = SubjectStateChange.Begun,
            At = new(2026, 11, 2, 9, 30, 0, TimeSpan.Zero),
            Identifiers = [new("email", "ada.lind@example.org", true)],
        };
        var queue = BusNames.States("toontrack", "webshop");
        var bus = services.GetRequiredService<DsrBus>();

        await bus.SendAsync(queue, change, default);
        await bus.SendAsync(queue, SubjectSeal.Seal(change, SubjectSeal.NewKey()), default);
        await bus.SendAsync(queue, SubjectSeal.Seal(change with { System = "newsletter" }, StubSystem.Connection.SealingKeys[0]), default);
        await bus.SendAsync(queue, SubjectSeal.Seal(change, StubSystem.Connection.SealingKeys[0]), default);

        using CancellationTokenSource late = new(TimeSpan.FromSeconds(30));
        var opened = await heard.Reader.ReadAsync(late.Token);
        Assert.That((opened.EventId, opened.Identifiers!.Single().Value.Reveal(), opened.Sealed), Is.EqualTo((change.EventId, "ada.lind@example.org", (string?)null)));
        Assert.That(heard.Reader.TryRead(out _), Is.False, "one by one, so the others were dropped before");
    }

    [Test]
    public async Task SendAsync_NobodyReceives_Undeliverable()
    {
        await using var bus = DsrBus.InMemory();
        bus.Start();

        Assert.ThrowsAsync<UndeliverableException>(() => bus.SendAsync("dsr.toontrack.webshop", StubSystem.Task(), CancellationToken.None));
    }

    [Test]
    public async Task Receive_HandlerFailsAtFirst_HandledAgainWithoutItsMessageInTheLog()
    {
        using RecordedLog log = new();
        await using var bus = DsrBus.InMemory(log);
        var failures = 2;
        TaskCompletionSource<ReceivedMessage<TaskAccepted>> handled = new();
        bus.Receive<TaskAccepted>(BusNames.Accepted, 1, (received, _) =>
        {
            if (failures-- > 0)
                throw new InvalidOperationException("Key (email)=(ada.lind@example.org)");
            handled.SetResult(received);
            return Task.CompletedTask;
        });
        bus.Start();
        TaskAccepted message = new(Guid.CreateVersion7());

        await bus.SendAsync(BusNames.Accepted, message, CancellationToken.None);

        Assert.That(await handled.Task.WaitAsync(TimeSpan.FromSeconds(60)), Is.EqualTo(new ReceivedMessage<TaskAccepted>(message, null)));
        Assert.That(log.Text, Does.Contain("InvalidOperationException").And.Not.Contain("ada.lind"));
    }

    /// <summary>MassTransit phones home from the container; a bus built outside it has nothing to phone with.</summary>
    [Test]
    public void OverHostBus_Registrations_HoldNoUsageTelemetry() => Assert.That(
        StubSystem.Services((_, _) => Task.FromResult(new ReceiptDraft()), system => system.OverHostBus())
            .Select(service => service.ServiceType.FullName), Has.None.Contains("Usage"));

    private static ServiceProvider Services()
    {
        var services = StubSystem.Services(
            (_, _) => Task.FromResult(new ReceiptDraft().Erased("contact", 1).Gives("customer-number", "C-1001")),
            system => system.OverHostBus());
        services.AddSingleton(_ => DsrBus.InMemory());
        return services.BuildServiceProvider();
    }
}
