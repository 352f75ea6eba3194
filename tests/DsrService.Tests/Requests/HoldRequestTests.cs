using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;

namespace DsrService.Tests.Requests;

internal sealed class HoldRequestTests
{
    private DeskBench desk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => desk = await DeskBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task HoldAsync_UntilReleased_NothingIsSent()
    {
        var client = await desk.ClientAsync(StaffRole.Agent);
        var reference = await desk.PlannedAsync(Right.Erasure);
        await DeskBench.MoveAsync(client, reference, "hold", new { reason = "The person asked us to wait." });
        await desk.Bench.SettleAsync();
        Assert.That(desk.Bench.Sent.Where(task => task.Task.Reference == reference), Is.Empty);
        var waiting = (await DeskBench.GetAsync(client, DeskBench.Path(reference))).Body.GetProperty("tasks").EnumerateArray()
            .Select(task => task.GetProperty("waitingFor").GetString());
        Assert.That(waiting, Has.Some.EqualTo("release-of-hold"));

        await DeskBench.MoveAsync(client, reference, "release-hold");
        await desk.Bench.SettleAsync();
        Assert.That(desk.Bench.Sent.Where(task => task.Task.Reference == reference), Is.Not.Empty);
    }

    [Test]
    public async Task HoldAsync_Twice_IsOnce()
    {
        var client = await desk.ClientAsync(StaffRole.Agent);
        var reference = await desk.PlannedAsync();
        await DeskBench.MoveAsync(client, reference, "hold");
        var again = await DeskBench.MoveAsync(client, reference, "hold");
        Assert.That(again.Body.GetProperty("onHold").GetBoolean(), Is.True);
        Assert.That((await desk.EventsAsync(reference)).Count(name => name == "request.held"), Is.EqualTo(1));
    }
}
