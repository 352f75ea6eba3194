using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

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

    // As it was planned while the system was reached in another way.
    private Task<int> MoveAsync(Guid task, Binding binding, string? error) => bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == task)
        .ExecuteUpdateAsync(update => update.SetProperty(row => row.Binding, binding).SetProperty(row => row.LastError, error)
            .SetProperty(row => row.NextAttemptAt, row => error == null ? null : row.NextAttemptAt)));
}
