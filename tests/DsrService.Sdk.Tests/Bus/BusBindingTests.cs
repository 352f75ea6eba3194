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

    private static ServiceProvider Services()
    {
        var services = StubSystem.Services(
            (_, _) => Task.FromResult(new ReceiptDraft().Erased("contact", 1).Gives("customer-number", "C-1001")),
            system => system.OverHostBus());
        services.AddSingleton(_ => DsrBus.InMemory());
        return services.BuildServiceProvider();
    }
}
