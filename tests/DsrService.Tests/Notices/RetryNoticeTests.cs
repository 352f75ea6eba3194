using System.Net;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Notices;

internal sealed class RetryNoticeTests
{
    private ResponseScene scene = null!;

    [OneTimeSetUp]
    public async Task SetUp() => scene = await ResponseScene.StartAsync();

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task HandleAsync_FailedMail_IsQueuedAnewAndTriedForDaysAgain()
    {
        var (request, notice) = await FailedAsync();
        scene.Service.Clock.Advance(TimeSpan.FromDays(6));

        Assert.That((await RetryAsync(request, notice, scene.Approver)).Failure, Is.Null);

        var row = await RowAsync(notice);
        Assert.That((row.State, row.Attempt, row.NextAttemptAt), Is.EqualTo((NoticeState.Queued, 0, scene.Service.Clock.GetUtcNow())));
        await RecordAsync(request, notice, new MailResult("mail.unreachable"));
        Assert.That((await RowAsync(notice)).State, Is.EqualTo(NoticeState.Queued), "the days of trying run from the second queueing");
        Assert.That(await request.AuditAsync(), Has.Member("notice.queued_again"));
    }

    [Test]
    public async Task HandleAsync_MailStillQueuedOrSent_IsRefused()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var notice = await request.QueueMailAsync("a@example.org");

        Assert.That((await RetryAsync(request, notice, scene.Approver)).Failure!.Code, Is.EqualTo("notice.not_retryable"));
    }

    [Test]
    public async Task HandleAsync_MailOfAnotherRequestOrController_IsNotThere()
    {
        var (_, notice) = await FailedAsync();
        var other = await scene.ApprovedAsync(Right.Access);
        var stranger = await scene.StaffAsync("stranger", StaffRole.Officer, "elsewhere");

        Assert.That((await RetryAsync(other, notice, scene.Approver)).Failure!.Code, Is.EqualTo("notice.not_found"));
        Assert.That((await RetryAsync(other, notice, stranger)).Failure!.Status, Is.EqualTo((int)HttpStatusCode.NotFound));
    }

    private async Task<(Seeded Request, Guid Notice)> FailedAsync()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var notice = await request.QueueMailAsync("full@example.org");
        await scene.Service.InDatabaseAsync(db => db.Set<Notice>().Where(row => row.Id == notice)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Attempt, 3)));
        await RecordAsync(request, notice, new MailResult("mail.refused", Hopeless: true));
        Assert.That((await RowAsync(notice)).State, Is.EqualTo(NoticeState.Failed));
        return (request, notice);
    }

    private Task<bool> RecordAsync(Seeded request, Guid notice, MailResult result) => scene.Service.InScopeAsync(async services =>
    {
        await services.GetRequiredService<RecordDelivery>().HandleAsync(request.Id, notice, result, default);
        return true;
    });

    private Task<Notice> RowAsync(Guid notice) => scene.Service.InDatabaseAsync(db => db.Set<Notice>().AsNoTracking().SingleAsync(row => row.Id == notice));

    private Task<Result<RetryNotice.Output>> RetryAsync(Seeded request, Guid notice, StaffCaller caller) =>
        scene.Service.InScopeAsync(services => services.GetRequiredService<RetryNotice>().HandleAsync(request.Reference, notice, caller, default));
}
