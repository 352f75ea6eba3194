using System.Net;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;

namespace DsrService.Tests.Requests;

internal sealed class WithdrawByStaffTests
{
    private DeskBench desk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => desk = await DeskBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task HandleAsync_AtThePersonsWord_ClosesAndTellsThePerson()
    {
        var client = await desk.ClientAsync(StaffRole.Agent);
        var reference = await desk.PlannedAsync(Right.Erasure);
        var answer = await DeskBench.MoveAsync(client, reference, "withdraw", new { reason = "Said so on the telephone." });
        var (kind, letter) = (await desk.Service.NoticesAsync(reference)).Single();
        Assert.That((answer.Status, (await desk.Service.RequestAsync(reference)).Status), Is.EqualTo((HttpStatusCode.OK, RequestStatus.Withdrawn)));
        Assert.That(kind, Is.EqualTo(NoticeKind.Withdrawal));
        Assert.That(letter.Text, Does.Contain(reference).And.Contain("privacy@toontrack.com").And.Not.Contain("telephone"));
        await desk.Bench.SettleAsync();
        Assert.That(desk.Bench.Sent.Where(task => task.Task.Reference == reference), Is.Empty);
    }
}
