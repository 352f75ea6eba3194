using DsrService.Identity;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Tests.Requests;

namespace DsrService.Tests.Identity;

internal sealed class ExpireUnconfirmedTests
{
    private TestService service = null!;

    [SetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [TearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Run_ThreeWorkingDaysBeforeTheDueDate_TellsThePersonAndExpires()
    {
        // Received on 2 March 2026, due on Thursday 2 April: three working days before is Monday 30 March.
        var (reference, _) = await service.SubmitAsync(Bodies.Erasure());

        await service.RunJobAsync<ExpireUnconfirmed>(after: TimeSpan.FromDays(26));
        Assert.That((await service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.AwaitingIdentity));
        await service.RunJobAsync<ExpireUnconfirmed>(after: TimeSpan.FromDays(2));

        var letter = (await service.NoticesAsync(reference))[^1];
        Assert.Multiple(async () =>
        {
            Assert.That((await service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Expired));
            Assert.That(letter.Kind, Is.EqualTo(NoticeKind.CannotIdentify));
            Assert.That(letter.Content.Text, Does.Contain("Integritetsskyddsmyndigheten").And.Contains("court").And.Contains("?token="));
        });
    }

    [Test]
    public async Task Run_Confirmed_IsLeftAlone()
    {
        var (reference, token) = await service.SubmitAsync(Bodies.Erasure());
        await TestService.PostAsync(service.Client, $"/api/v1/requests/{reference}/identity", new { token });

        await service.RunJobAsync<ExpireUnconfirmed>(after: TimeSpan.FromDays(40));

        Assert.That((await service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Planned));
    }
}
