using System.Net;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;

namespace DsrService.Tests.Deadlines;

internal sealed class ResumeDeadlineTests
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
    public async Task HandleAsync_AfterFourDays_TheyDoNotCount()
    {
        var reference = await desk.PlannedAsync();
        var target = (await desk.Service.RequestAsync(reference)).InternalTarget;
        await DeskBench.MoveAsync(agent, reference, "suspend", new { reason = "Asked." });
        desk.Service.Clock.Advance(TimeSpan.FromDays(4));
        var answer = await DeskBench.MoveAsync(agent, reference, "resume");
        var request = await desk.Service.RequestAsync(reference);
        using var _ = Assert.EnterMultipleScope();
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        // 2 April and four days is 6 April, Easter Monday in Sweden: the 7th.
        Assert.That((request.SuspendedDays, request.DueOn), Is.EqualTo((4, new DateOnly(2026, 4, 7))));
        Assert.That(request.DueEndAt, Is.EqualTo(new DateTimeOffset(2026, 4, 7, 22, 0, 0, TimeSpan.Zero)));
        Assert.That(request.InternalTarget, Is.EqualTo(target), "alerts go by the date without the suspension");
        Assert.That(answer.Body.GetProperty("deadline").GetProperty("suspended").GetBoolean(), Is.False);
    }

    [Test]
    public async Task HandleAsync_ClockRuns_ChangesNothing()
    {
        var reference = await desk.PlannedAsync();
        var due = (await desk.Service.RequestAsync(reference)).DueOn;
        Assert.That((await DeskBench.MoveAsync(agent, reference, "resume")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await desk.Service.RequestAsync(reference)).DueOn, Is.EqualTo(due));
        Assert.That(await desk.EventsAsync(reference), Has.None.EqualTo("deadline.resumed"));
    }

    [Test]
    public async Task HandleAsync_AfterAnExtension_MovesBothDates()
    {
        var reference = await desk.PlannedAsync();
        await DeskBench.MoveAsync(agent, reference, "suspend", new { reason = "Asked." });
        await DeskBench.MoveAsync(agent, reference, "extend", new { reason = "Two systems are worked by hand." });
        desk.Service.Clock.Advance(TimeSpan.FromDays(4));
        await DeskBench.MoveAsync(agent, reference, "resume");
        var request = await desk.Service.RequestAsync(reference);
        // 2 June and four days is 6 June, the Swedish national day and a Saturday: Monday the 8th.
        Assert.That(request.ExtendedTo, Is.EqualTo(new DateOnly(2026, 6, 8)));
        Assert.That(request.DueEndAt, Is.EqualTo(new DateTimeOffset(2026, 6, 8, 22, 0, 0, TimeSpan.Zero)));
    }
}
