using System.Net;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;

namespace DsrService.Tests.Requests;

internal sealed class RefuseRequestTests
{
    private DeskBench desk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => desk = await DeskBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task HandleAsync_WithGroundAndFacts_ClosesAndTellsReasonsComplaintAndRemedy()
    {
        const string facts = "The account you name belongs to <b>another</b> person.";
        var client = await desk.ClientAsync(StaffRole.Approver);
        var reference = await desk.PlannedAsync(Right.Erasure);
        var answer = await DeskBench.MoveAsync(client, reference, "refuse", new { ground = "not-applicable", explanation = facts });
        var request = await desk.Service.RequestAsync(reference);
        var (kind, letter) = (await desk.Service.NoticesAsync(reference)).Single();
        using var _ = Assert.EnterMultipleScope();
        Assert.That((answer.Status, answer.Body.GetProperty("status").GetString()), Is.EqualTo((HttpStatusCode.OK, "refused")));
        Assert.That((request.Status, request.RefusalGround), Is.EqualTo((RequestStatus.Refused, RefusalGround.NotApplicable)));
        Assert.That(request.ClosedAt, Is.Not.Null);
        Assert.That(kind, Is.EqualTo(NoticeKind.Refusal));
        Assert.That(letter.Text, Does.Contain(facts).And.Contain("Integritetsskyddsmyndigheten").And.Contain("https://www.imy.se").And.Contain("judicial remedy"));
        Assert.That(letter.Html, Does.Contain("&lt;b&gt;another&lt;/b&gt;").And.Not.Contain("<b>"));
        Assert.That(await desk.EventsAsync(reference), Has.Some.EqualTo("request.refused"));
        await desk.Bench.SettleAsync();
        Assert.That(desk.Bench.Sent.Where(task => task.Task.Reference == reference), Is.Empty, "nothing goes out for a refused request");
    }

    [Test]
    public async Task HandleAsync_ClosedRequest_IsRefusedAndSendsNothingMore()
    {
        var client = await desk.ClientAsync(StaffRole.Approver);
        var reference = await desk.PlannedAsync();
        await DeskBench.MoveAsync(client, reference, "refuse", new { ground = "unfounded", explanation = "Facts." });
        var again = await DeskBench.MoveAsync(client, reference, "refuse", new { ground = "excessive", explanation = "Other facts." });
        Assert.That((again.Status, again.Body.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Conflict, "request.move_not_allowed")));
        Assert.That(await desk.Service.NoticesAsync(reference), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task HandleAsync_BothAtTheSameMoment_OneLetter()
    {
        var client = await desk.ClientAsync(StaffRole.Approver);
        var reference = await desk.PlannedAsync();
        var answers = await Task.WhenAll(
            DeskBench.MoveAsync(client, reference, "refuse", new { ground = "unfounded", explanation = "Facts." }),
            DeskBench.MoveAsync(client, reference, "withdraw"));
        Assert.That(answers.Select(answer => answer.Status), Is.EquivalentTo([HttpStatusCode.OK, HttpStatusCode.Conflict]));
        Assert.That(await desk.Service.NoticesAsync(reference), Has.Count.EqualTo(1));
    }
}
