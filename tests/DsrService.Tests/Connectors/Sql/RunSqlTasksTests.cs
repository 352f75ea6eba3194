using DsrService.Connectors.Sql;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Tests.Fulfilment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.Sql;

internal sealed class RunSqlTasksTests
{
    [Test]
    public async Task Start_DatabaseDiscardsTheChange_CodeAndReasonStandWithTheTask()
    {
        await using var shop = await ShopDatabase.StartAsync();
        await shop.RunAsync("""
            create function shop.discard() returns trigger language plpgsql as $$ begin return null; end $$;
            create trigger discard before delete on shop.order_note for each row execute function shop.discard();
            """);
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
        var messages = await bench.Service.InScopeAsync(async scoped =>
        {
            var request = await scoped.GetRequiredService<DsrDbContext>().Set<DataSubjectRequest>().SingleAsync(row => row.Reference == reference);
            return scoped.GetRequiredService<RequestKeys>().Open(request).OpenJson<List<string>>(TaskFields.Messages(task.Id), failed.Messages!);
        });
        Assert.That(messages, Is.EqualTo(new[] { "The database changed 0 of 6 rows of 'order_note'." }));
    }
}
