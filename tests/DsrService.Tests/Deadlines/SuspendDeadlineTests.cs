using System.Net;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;

namespace DsrService.Tests.Deadlines;

internal sealed class SuspendDeadlineTests
{
    private DeskBench desk = null!;
    private HttpClient agent = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        desk = await DeskBench.StartAsync();
        agent = await desk.ClientAsync(StaffRole.Agent);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [SetUp]
    public void SetClock() => desk.Service.Clock.MoveTo(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task HandleAsync_AskedAtOnce_StopsTheClock()
    {
        var reference = await desk.PlannedAsync();
        var answer = await DeskBench.MoveAsync(agent, reference, "suspend", new { reason = "Asked which of two accounts is meant." });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Body.GetProperty("deadline").GetProperty("suspended").GetBoolean(), Is.True);
        Assert.That(await desk.EventsAsync(reference), Has.Some.EqualTo("deadline.suspended"));
    }

    [Test]
    public async Task HandleAsync_Twice_IsOnce()
    {
        var reference = await desk.PlannedAsync();
        await DeskBench.MoveAsync(agent, reference, "suspend", new { reason = "Asked." });
        var since = (await desk.Service.RequestAsync(reference)).SuspendedAt;
        desk.Service.Clock.Advance(TimeSpan.FromHours(2));
        Assert.That((await DeskBench.MoveAsync(agent, reference, "suspend", new { reason = "Asked again." })).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await desk.Service.RequestAsync(reference)).SuspendedAt, Is.EqualTo(since));
        Assert.That((await desk.EventsAsync(reference)).Count(name => name == "deadline.suspended"), Is.EqualTo(1));
    }

    [Test]
    public async Task HandleAsync_AskedTooLate_IsRefused()
    {
        var reference = await desk.PlannedAsync();
        // Received on a Monday: the fourth working day after is Friday.
        desk.Service.Clock.Advance(TimeSpan.FromDays(4));
        var answer = await DeskBench.MoveAsync(agent, reference, "suspend", new { reason = "Asked." });
        Assert.That((answer.Status, answer.Body.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Conflict, "request.suspension_too_late")));
    }
}
