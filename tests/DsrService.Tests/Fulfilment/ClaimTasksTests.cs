using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DsrService.Tests.Fulfilment;

internal sealed class ClaimTasksTests
{
    private FulfilmentBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task HandleAsync_ClaimedAndNeverSent_IsClaimedOnceMoreWhenItsTimeIsOver()
    {
        await bench.PlannedAsync(Right.Erasure);

        var first = await ClaimAsync();
        var meanwhile = await ClaimAsync();
        var dueMeanwhile = await DueAsync();
        bench.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        var dueAfter = await DueAsync();
        var after = await ClaimAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.Not.Empty.And.All.Property(nameof(SystemTask.Attempt)).EqualTo(1));
            Assert.That(meanwhile, Is.Empty);
            Assert.That(dueMeanwhile, Does.Not.Contain(Binding.Bus));
            Assert.That(dueAfter, Does.Contain(Binding.Bus));
            Assert.That(after.Select(task => (task.TaskId, task.Attempt)), Is.EquivalentTo(first.Select(task => (task.TaskId, 2))));
        }
    }

    [Test]
    public async Task HandleAsync_NextAttemptSetMeanwhile_EndsTheClaim()
    {
        await bench.PlannedAsync(Right.Erasure);
        var first = await ClaimAsync();

        await bench.Service.InDatabaseAsync(async db =>
        {
            var task = await db.Set<RequestTask>().SingleAsync(task => task.Id == first[0].TaskId);
            Assert.That(task.GoesOutAgainAt, Is.GreaterThan(bench.Service.Clock.GetUtcNow()));
            task.NextAttemptAt = bench.Service.Clock.GetUtcNow();
            return await db.SaveChangesAsync();
        });

        Assert.That((await ClaimAsync()).Select(task => task.TaskId), Is.EqualTo(new[] { first[0].TaskId }));
    }

    [Test]
    public async Task GoesOutAgainAt_EndedWhileItWasClaimed_Never()
    {
        var reference = await bench.PlannedAsync(Right.Erasure);
        var claimed = (await ClaimAsync())[0].TaskId;

        await bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(task => task.Id == claimed)
            .ExecuteUpdateAsync(update => update.SetProperty(task => task.NextAttemptAt, (DateTimeOffset?)null)));

        var task = (await bench.TasksAsync(reference)).Single(task => task.Id == claimed);
        Assert.That((task.ClaimedUntil is null, task.GoesOutAgainAt), Is.EqualTo((false, (DateTimeOffset?)null)));
    }

    [Test]
    public async Task HandleAsync_FromWhereTheFormerEnded_TakesTheLaterAndLeavesTheEarlier()
    {
        await bench.PlannedAsync(Right.Erasure);
        bench.Service.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.PlannedAsync(Right.Erasure);
        var first = await ClaimingAsync(limit: 1, from: null);
        bench.Service.Clock.Advance(TimeSpan.FromMinutes(1));

        var later = await ClaimingAsync(limit: 200, first.UpTo!.Value.AddTicks(10));
        var earlier = await ClaimingAsync(limit: 200, from: null);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(later.Tasks, Is.Not.Empty);
            Assert.That(later.UpTo, Is.EqualTo(first.UpTo.Value.AddSeconds(1)));
            Assert.That(earlier.UpTo, Is.EqualTo(first.UpTo));
            Assert.That(earlier.Tasks.Select(task => task.Task.TaskId), Does.Contain(first.Tasks[0].Task.TaskId));
        }
    }

    private async Task<List<SystemTask>> ClaimAsync() => [.. (await ClaimingAsync(limit: 200, from: null)).Tasks.Select(claimed => claimed.Task)];

    private Task<Claim> ClaimingAsync(int limit, DateTimeOffset? from) => bench.Service.InScopeAsync(services =>
        services.GetRequiredService<ClaimTasks>().HandleAsync(Binding.Bus, limit, from, CancellationToken.None));

    private Task<IReadOnlyList<Binding>> DueAsync() =>
        ClaimTasks.DueAsync(bench.Service.Services.GetRequiredService<NpgsqlDataSource>(), Enum.GetValues<Binding>(), bench.Service.Clock.GetUtcNow(), CancellationToken.None);
}
