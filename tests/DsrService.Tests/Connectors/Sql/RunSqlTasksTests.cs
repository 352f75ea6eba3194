using DsrService.Connectors.Sql;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Tests.Fulfilment;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.Sql;

internal sealed class RunSqlTasksTests
{
    [Test]
    public async Task Start_DatabaseDiscardsTheChange_CodeAndReasonStandWithTheTask()
    {
        await using var shop = await ShopDatabase.StartAsync();
        await shop.DiscardDeletionsAsync();
        await using var bench = await FulfilmentBench.StartAsync();
        var reference = await bench.PlannedAsync(Right.Access);
        await bench.DispatchAsync();
        var task = (await bench.TasksAsync(reference)).First(task => task is { Attempt: 1, Preview: false });
        var services = bench.Service.Services;
        await using var tasks = ActivatorUtilities.CreateInstance<RunSqlTasks>(services, ActivatorUtilities.CreateInstance<SqlSystems>(services));

        tasks.Start(await shop.SystemAsync(), shop.Task(TaskAction.Erase) with { TaskId = task.Id, Controller = task.Controller, System = task.System });
        await tasks.IdleAsync();

        var failed = (await bench.TasksAsync(reference)).Single(row => row.Id == task.Id);
        Assert.That((failed.State, failed.LastError), Is.EqualTo((TaskState.Failed, "sql.change_discarded")));
        Assert.That(await bench.MessagesAsync(task.Id), Is.EqualTo(new[] { "The database changed 0 of 6 rows of 'order_note'." }));
    }
}
