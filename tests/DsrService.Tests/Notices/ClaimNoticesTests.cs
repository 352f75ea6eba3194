using DsrService.Notices;
using DsrService.Requests;
using DsrService.Tests.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Notices;

internal sealed class ClaimNoticesTests
{
    private ResponseScene scene = null!;
    private Seeded request = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        scene = await ResponseScene.StartAsync();
        request = await scene.ApprovedAsync(Right.Access);
    }

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task Handle_SeveralAtOnce_NeverTakeTheSame()
    {
        for (var number = 0; number < 20; number++)
            await request.QueueMailAsync($"many{number}@example.org");

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ClaimAsync(20)));

        Assert.That(taken.SelectMany(batch => batch).Select(notice => notice.Id), Is.Unique.And.Exactly(20).Items);
    }

    [Test]
    public async Task Handle_DueMail_IsOpenedAndLeasedForAWhile()
    {
        var notice = await request.QueueMailAsync("due@example.org");

        var claimed = (await ClaimAsync(1)).Single();

        var row = await scene.Service.InDatabaseAsync(db => db.Set<Notice>().AsNoTracking().SingleAsync(row => row.Id == notice));
        Assert.Multiple(() =>
        {
            Assert.That((claimed.Id, claimed.Attempt, claimed.Content.To), Is.EqualTo((notice, 1, "due@example.org")));
            Assert.That(row.NextAttemptAt, Is.GreaterThan(scene.Service.Clock.GetUtcNow()));
        });
    }

    private Task<IReadOnlyList<ClaimNotices.Claimed>> ClaimAsync(int limit) =>
        scene.Service.InScopeAsync(services => services.GetRequiredService<ClaimNotices>().HandleAsync(limit, default));
}
