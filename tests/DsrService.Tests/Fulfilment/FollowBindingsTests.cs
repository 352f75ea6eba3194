using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment;

internal sealed class FollowBindingsTests
{
    private FulfilmentBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [TestCase(Binding.Http, "connector.unreachable")]
    [TestCase(Binding.Pull, null)]
    [TestCase(Binding.Manual, null)]
    public async Task RunAsync_SystemHasMovedToTheBus_ItsOpenTasksGoThereWithTheirSnapshot(Binding former, string? error)
    {
        var reference = await bench.PlannedAsync(Right.Erasure);
        await bench.SettleAsync();
        var before = (await bench.TasksAsync(reference)).First(task => task.System == "webshop" && task.State == TaskState.Sent);
        await MoveAsync(before.Id, former, error);
        var sentBefore = bench.Sent.Count(sent => sent.Task.TaskId == before.Id);

        await bench.Service.RunJobAsync<FollowBindings>(TimeSpan.FromSeconds(1));
        await bench.SettleAsync();

        var after = (await bench.TasksAsync(reference)).Single(task => task.Id == before.Id);
        Assert.That((after.Binding, after.State, after.Scope), Is.EqualTo((Binding.Bus, TaskState.Sent, before.Scope)));
        var sent = bench.Sent.Where(one => one.Task.TaskId == before.Id).ToList();
        Assert.That(sent, Has.Count.EqualTo(sentBefore + 1));
        Assert.That(sent[^1].Binding, Is.EqualTo(Binding.Bus));
        Assert.That((await bench.AnswerAsync(after, ReceiptOutcome.NothingFound)).Failure, Is.Null);
    }

    [Test]
    public async Task RunAsync_TaskWhoseTurnHasNotCome_StillWaits()
    {
        var reference = await bench.PlannedAsync(Right.Erasure);
        var waiting = (await bench.TasksAsync(reference)).First(task => task is { System: "webshop", State: TaskState.Planned, NextAttemptAt: null });
        await bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(task => task.Id == waiting.Id)
            .ExecuteUpdateAsync(update => update.SetProperty(task => task.Binding, Binding.Http)));

        await bench.Service.RunJobAsync<FollowBindings>(TimeSpan.FromSeconds(1));

        var after = (await bench.TasksAsync(reference)).Single(task => task.Id == waiting.Id);
        Assert.That((after.Binding, after.NextAttemptAt), Is.EqualTo((Binding.Bus, (DateTimeOffset?)null)));
    }

    [Test]
    public async Task RunAsync_TaskIsClaimedForTheFormerBinding_GoesOutOverTheNewOneAtOnce()
    {
        var reference = await bench.PlannedAsync(Right.Erasure);
        var task = (await bench.TasksAsync(reference)).First(task => task is { System: "webshop", NextAttemptAt: not null });
        await MoveAsync(task.Id, Binding.Http, "connector.unreachable");
        await bench.Service.InScopeAsync(services => services.GetRequiredService<ClaimTasks>().HandleAsync(Binding.Http, 200, from: null, CancellationToken.None));

        await bench.Service.RunJobAsync<FollowBindings>(TimeSpan.FromSeconds(1));
        await bench.SettleAsync();

        Assert.That(bench.Sent.Where(sent => sent.Task.TaskId == task.Id).Select(sent => (sent.Binding, sent.Task.Attempt)), Is.EqualTo(new[] { (Binding.Bus, 2) }));
    }

    [Test]
    public async Task RunAsync_ReceiptIsBeingCounted_WaitsAndDoesNotSendOnceMore()
    {
        var reference = await bench.PlannedAsync(Right.Erasure);
        await bench.SettleAsync();
        var task = (await bench.TasksAsync(reference)).First(task => task.System == "webshop" && task.State == TaskState.Sent);
        await MoveAsync(task.Id, Binding.Http, "connector.unreachable");

        await bench.Service.InDatabaseAsync(async db =>
        {
            await using var counting = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM dsr.requests WHERE id = {task.RequestId} FOR UPDATE");
            var running = bench.Service.RunJobAsync<FollowBindings>(TimeSpan.FromSeconds(1));
            await Eventually.TrueAsync(SomebodyWaitsAsync, "the job waits for the request");
            await db.Set<RequestTask>().Where(row => row.Id == task.Id).ExecuteUpdateAsync(update => update.SetProperty(row => row.State, TaskState.Done)
                .SetProperty(row => row.Outcome, ReceiptOutcome.NothingFound).SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)null));
            await counting.CommitAsync();
            await running;
            return true;
        });

        var after = (await bench.TasksAsync(reference)).Single(row => row.Id == task.Id);
        Assert.That((after.Binding, after.State, after.NextAttemptAt), Is.EqualTo((Binding.Http, TaskState.Done, (DateTimeOffset?)null)));
    }

    private Task<bool> SomebodyWaitsAsync() => bench.Service.InDatabaseAsync(async db => await db.Database
        .SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync() > 0);

    // As it was planned while the system was reached in another way.
    private Task<int> MoveAsync(Guid task, Binding binding, string? error) => bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == task)
        .ExecuteUpdateAsync(update => update.SetProperty(row => row.Binding, binding).SetProperty(row => row.LastError, error)
            .SetProperty(row => row.NextAttemptAt, row => error == null ? null : row.NextAttemptAt)));
}
