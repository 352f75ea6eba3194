using System.Text.Json;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;

namespace DsrService.Sdk.Tests.Http;

internal sealed class PullBindingTests
{
    [Test]
    public async Task ByPulling_TaskWaits_FetchedAndAnswered()
    {
        await using var service = await FakeService.StartAsync(
            (_, _) => Task.FromResult(new ReceiptDraft().Erased("contact", 2)),
            system => system.ByPulling(TimeSpan.FromMilliseconds(50)));
        var task = service.Task();

        service.Waiting = [task];
        var call = await service.CallAsync("/receipt");

        Assert.That(JsonSerializer.Deserialize<Receipt>(call.Body, DsrJson.Options)!.TaskId, Is.EqualTo(task.TaskId));
        Assert.That(service.Calls.First().Authorization, Is.EqualTo("Bearer token-of-the-webshop"));
    }

    [Test]
    public async Task ByPulling_ServiceAwayAtFirst_FetchesLater()
    {
        await using var service = await FakeService.StartAsync(
            (_, _) => Task.FromResult(new ReceiptDraft().Erased("contact", 2)),
            system => system.ByPulling(TimeSpan.FromMilliseconds(50)));
        for (var times = 0; times < 3; times++)
            service.NextStatuses.Enqueue(503);
        service.Waiting = [service.Task()];

        Assert.That(await service.CallAsync("/receipt"), Is.Not.Null);
    }
}
