using DsrService.Audit;
using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment;

internal sealed class GatherReceiptsTests
{
    private FulfilmentBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task HandleAsync_AllSystemsAtOnce_EachCountsOnceAndTheRequestGoesOn()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var tasks = (await bench.TasksAsync(reference)).Where(task => task.State == TaskState.Sent).ToList();

        var results = await AtOnceAsync([.. tasks, .. tasks], NothingFound);

        Assert.That(results.Where(result => result.Failed), Is.Empty);
        var ids = tasks.ConvertAll(task => task.Id);
        var counted = await bench.Service.InDatabaseAsync(db => db.Set<TaskReceipt>().Where(row => ids.Contains(row.TaskId)).Select(row => row.TaskId).ToListAsync());
        Assert.That(counted, Is.EquivalentTo(ids));
        await bench.AnswerAllWithNothingAsync(reference);
        Assert.That((await bench.TasksAsync(reference)).Where(task => ids.Contains(task.Id)).Select(task => task.Outcome), Is.All.EqualTo(ReceiptOutcome.NothingFound));
        var audit = await bench.Service.InScopeAsync(services => new VerifyAudit(services.GetRequiredService<DsrDbContext>()).HandleAsync(CancellationToken.None));
        Assert.That(audit.Problems, Is.Empty);
    }

    [Test]
    public async Task HandleAsync_OneThatIsRefusedAmongOthers_TakesNothingFromThem()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var tasks = (await bench.TasksAsync(reference)).Where(task => task.State == TaskState.Sent).ToList();
        var liar = tasks[0].Id;

        var results = await AtOnceAsync(tasks, task => task.Id == liar ? NothingFound(task) with { Outcome = ReceiptOutcome.Completed, Items = [new() { Category = "no-such-category", Found = 1, Erased = 1 }] } : NothingFound(task));

        Assert.That(results[0].Failure?.Code, Is.EqualTo("receipt.contradictory"));
        Assert.That(results.Skip(1).Where(result => result.Failed), Is.Empty);
        Assert.That((await bench.TasksAsync(reference)).Single(task => task.Id == liar).Outcome, Is.Null);
    }

    [Test]
    public async Task HandleAsync_AnotherSystemsTaskAmongOthers_DoesNotExist()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var tasks = (await bench.TasksAsync(reference)).Where(task => task.State == TaskState.Sent).Take(2).ToList();
        var gather = bench.Service.Services.GetRequiredService<GatherReceipts>();

        var results = await Task.WhenAll(
            gather.HandleAsync(tasks[0].Controller, tasks[0].System, NothingFound(tasks[0]), CancellationToken.None),
            gather.HandleAsync(tasks[0].Controller, tasks[0].System, NothingFound(tasks[1]), CancellationToken.None));

        Assert.That(results[0].Failure, Is.Null);
        Assert.That(results[1].Failure?.Code, Is.EqualTo("task.not_found"));
    }

    private async Task<Result<TaskOutput>[]> AtOnceAsync(IReadOnlyList<RequestTask> tasks, Func<RequestTask, Receipt> receipt)
    {
        var gather = bench.Service.Services.GetRequiredService<GatherReceipts>();
        return await Task.WhenAll(tasks.Select(task => Task.Run(() => gather.HandleAsync(task.Controller, task.System, receipt(task), CancellationToken.None))));
    }

    private Receipt NothingFound(RequestTask task) => new()
    {
        TaskId = task.Id,
        Outcome = ReceiptOutcome.NothingFound,
        Items = [],
        Messages = [],
        HandledAt = bench.Service.Clock.GetUtcNow(),
        Handler = "test 1.0",
    };
}
