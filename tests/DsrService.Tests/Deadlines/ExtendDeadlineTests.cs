using System.Net;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;

namespace DsrService.Tests.Deadlines;

internal sealed class ExtendDeadlineTests
{
    private const string Reason = "Nine systems hold the data, two are worked by hand.";
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
    public async Task HandleAsync_WithinTheFirstMonth_ExtendsAndWritesTheLetter()
    {
        var reference = await desk.PlannedAsync();
        var answer = await DeskBench.MoveAsync(agent, reference, "extend", new { reason = Reason });
        var request = await desk.Service.RequestAsync(reference);
        var (kind, letter) = (await desk.Service.NoticesAsync(reference)).Single();
        using var _ = Assert.EnterMultipleScope();
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        // Received 2 March: three months end on 2 June, a Tuesday.
        Assert.That(answer.Body.GetProperty("deadline").GetProperty("extendedTo").GetString(), Is.EqualTo("2026-06-02"));
        Assert.That(answer.Body.GetProperty("allowedMoves").EnumerateArray().Select(move => move.GetString()), Has.None.EqualTo("extend"));
        Assert.That(request.DueEndAt, Is.EqualTo(new DateTimeOffset(2026, 6, 2, 22, 0, 0, TimeSpan.Zero)));
        Assert.That(kind, Is.EqualTo(NoticeKind.Extension));
        Assert.That(letter.To, Is.EqualTo("ada.lind@example.org"));
        Assert.That(letter.Text, Does.Contain("2 June 2026").And.Contain(Reason).And.Contain("imy.se").And.Contain(reference));
        Assert.That(await desk.EventsAsync(reference), Has.Some.EqualTo("deadline.extended"));
    }

    [Test]
    public async Task HandleAsync_ASecondTime_IsRefused()
    {
        var reference = await desk.PlannedAsync();
        await DeskBench.MoveAsync(agent, reference, "extend", new { reason = Reason });
        var answer = await DeskBench.MoveAsync(agent, reference, "extend", new { reason = "More." });
        Assert.That((answer.Status, answer.Body.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Conflict, "request.already_extended")));
        Assert.That(await desk.Service.NoticesAsync(reference), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task HandleAsync_AfterTheFirstMonth_IsRefused()
    {
        var reference = await desk.PlannedAsync();
        desk.Service.Clock.MoveTo((await desk.Service.RequestAsync(reference)).DueEndAt);
        var answer = await DeskBench.MoveAsync(agent, reference, "extend", new { reason = Reason });
        Assert.That((answer.Status, answer.Body.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Conflict, "request.extension_too_late")));
        Assert.That((await desk.Service.RequestAsync(reference)).ExtendedTo, Is.Null);
    }

    [Test]
    public async Task HandleAsync_ClosedRequest_SaysWhichMovesAreAllowed()
    {
        var reference = await desk.PlannedAsync();
        await DeskBench.MoveAsync(agent, reference, "withdraw");
        var answer = await DeskBench.MoveAsync(agent, reference, "extend", new { reason = Reason });
        Assert.That((answer.Status, answer.Body.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Conflict, "request.move_not_allowed")));
        Assert.That(answer.Body.GetProperty("allowedMoves").GetArrayLength(), Is.Zero);
        Assert.That((await desk.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Withdrawn));
    }
}
