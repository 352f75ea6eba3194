using DsrService.Audit;
using DsrService.Requests;
using DsrService.Tests.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Audit;

internal sealed class CheckpointAuditTests
{
    [Test]
    public async Task Run_ChainsThatGrew_AreWrittenDownOnce()
    {
        await using var scene = await ResponseScene.StartAsync();
        var first = await scene.ApprovedAsync(Right.Access);
        await RunAsync(scene);
        scene.Service.Clock.Advance(TimeSpan.FromHours(2));
        var second = await scene.ApprovedAsync(Right.Access);

        await RunAsync(scene);
        var after = await CheckpointsAsync(scene);
        scene.Service.Clock.Advance(TimeSpan.FromHours(2));
        await RunAsync(scene);
        scene.Service.Clock.Advance(TimeSpan.FromHours(2));
        await RunAsync(scene);

        Assert.Multiple(async () =>
        {
            Assert.That(after, Has.Count.EqualTo(2));
            Assert.That(after[1], Does.Contain(second.Id.ToString()).And.Not.Contain(first.Id.ToString()));
            Assert.That(await CheckpointsAsync(scene), Has.Count.EqualTo(2), "nothing happened since");
        });
    }

    private static Task<List<string>> CheckpointsAsync(ResponseScene scene) => scene.Service.InDatabaseAsync(db => db.Set<AuditEntry>()
        .Where(entry => entry.Event == CheckpointAudit.Event).OrderBy(entry => entry.Sequence).Select(entry => entry.Facts).ToListAsync());

    private static Task<bool> RunAsync(ResponseScene scene) => scene.Service.InScopeAsync(async services =>
    {
        await ActivatorUtilities.CreateInstance<CheckpointAudit>(services).RunAsync(default);
        return true;
    });
}
