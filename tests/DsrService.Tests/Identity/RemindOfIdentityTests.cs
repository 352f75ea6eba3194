using System.Net;
using DsrService.Identity;
using DsrService.Notices;
using DsrService.Tests.Requests;

namespace DsrService.Tests.Identity;

internal sealed class RemindOfIdentityTests
{
    private TestService service = null!;

    [SetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [TearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Run_AsTimePasses_RemindsThriceWithLinksThatWork()
    {
        var (reference, _) = await service.SubmitAsync(Bodies.Erasure());

        await service.RunJobAsync<RemindOfIdentity>(after: TimeSpan.FromHours(23));
        Assert.That(await RemindersAsync(reference), Is.Zero);
        foreach (var (hours, expected) in new[] { (1, 1), (0, 1), (6 * 24, 2), (7 * 24, 3), (10 * 24, 3) })
        {
            await service.RunJobAsync<RemindOfIdentity>(after: TimeSpan.FromHours(hours));
            Assert.That(await RemindersAsync(reference), Is.EqualTo(expected));
        }
        await TestService.PostAsync(service.Client, $"/api/v1/requests/{reference}/identity/resend", new { });
        var token = Links.TokenIn((await service.NoticesAsync(reference))[^1].Content.Text);
        var (status, _, _) = await TestService.PostAsync(service.Client, $"/api/v1/requests/{reference}/identity", new { token });
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Run_AfterALongStandstill_RemindsOnce()
    {
        var (reference, _) = await service.SubmitAsync(Bodies.Erasure());

        await service.RunJobAsync<RemindOfIdentity>(after: TimeSpan.FromDays(10));
        await service.RunJobAsync<RemindOfIdentity>(after: TimeSpan.Zero);

        Assert.That(await RemindersAsync(reference), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_ConfirmedOrActedOnAtOnce_IsLeftInPeace()
    {
        var (confirmed, token) = await service.SubmitAsync(Bodies.Erasure());
        await TestService.PostAsync(service.Client, $"/api/v1/requests/{confirmed}/identity", new { token });
        var (objection, _) = await service.SubmitAsync(Bodies.MarketingObjection());

        await service.RunJobAsync<RemindOfIdentity>(after: TimeSpan.FromDays(2));

        Assert.That(await RemindersAsync(confirmed) + await RemindersAsync(objection), Is.Zero);
    }

    private async Task<int> RemindersAsync(string reference) => (await service.NoticesAsync(reference)).Count(notice => notice.Kind == NoticeKind.IdentityReminder);
}
