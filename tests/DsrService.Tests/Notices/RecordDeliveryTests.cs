using DsrService.Notices;
using DsrService.Requests;
using DsrService.Tests.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Notices;

internal sealed class RecordDeliveryTests
{
    [Test]
    public async Task Handle_MailAlreadyRecorded_ChangesNothing()
    {
        await using var scene = await ResponseScene.StartAsync();
        var request = await scene.ApprovedAsync(Right.Access);
        var notice = await request.QueueMailAsync("once@example.org");
        await RecordAsync(scene, request, notice, MailResult.Sent);

        await RecordAsync(scene, request, notice, new MailResult("mail.unreachable"));

        Assert.Multiple(async () =>
        {
            Assert.That(await scene.Service.InDatabaseAsync(db => db.Set<Notice>().AsNoTracking().SingleAsync(row => row.Id == notice)),
                Has.Property(nameof(Notice.State)).EqualTo(NoticeState.Sent).And.Property(nameof(Notice.LastError)).Null);
            Assert.That((await request.AuditAsync()).Count(entry => entry == "notice.sent"), Is.EqualTo(1));
        });
    }

    [Test]
    public void PauseAfter_Attempts_GrowsToHalfADay() =>
        Assert.That(new[] { 1, 2, 4, 8, 30 }.Select(RecordDelivery.PauseAfter), Is.EqualTo(new[]
            { TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), TimeSpan.FromHours(12), TimeSpan.FromHours(12) }));

    private static Task<bool> RecordAsync(ResponseScene scene, Seeded request, Guid notice, MailResult result) => scene.Service.InScopeAsync(async services =>
    {
        await services.GetRequiredService<RecordDelivery>().HandleAsync(request.Id, notice, result, default);
        return true;
    });
}
