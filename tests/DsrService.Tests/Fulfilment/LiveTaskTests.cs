using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Fulfilment;

/// <summary>What may still be worked: the database and the task itself say the same.</summary>
internal sealed class LiveTaskTests
{
    [Test]
    public async Task In_TasksOfAnAnsweredRequest_ThoseThatOutliveIt()
    {
        await using var bench = await FulfilmentBench.StartAsync();
        var reference = await bench.PlannedAsync(Right.Erasure);
        var request = await bench.Service.RequestAsync(reference);
        string[] steps = ["erase:webshop", "meanwhile:restrict:webshop", $"{RequestTask.LiftingStep}webshop", $"{RequestTask.KeptStep}webshop", $"{RequestTask.RedoStep}webshop"];
        var first = Guid.CreateVersion7();
        await bench.Service.InDatabaseAsync(async db =>
        {
            await db.Set<RequestTask>().ExecuteDeleteAsync();
            foreach (var (action, step) in Enum.GetValues<TaskAction>().SelectMany(action => steps.Select(step => (action, step))))
                db.Add(new RequestTask
                {
                    Id = action == TaskAction.Erase && step == steps[0] ? first : Guid.CreateVersion7(),
                    RequestId = request.Id,
                    Controller = request.Controller,
                    System = "webshop",
                    Binding = Binding.Pull,
                    Action = action,
                    Step = step,
                    Redoes = step.StartsWith(RequestTask.RedoStep, StringComparison.Ordinal) ? first : null,
                    Scope = "[]",
                    CreatedAt = request.ReceivedAt,
                });
            return await db.SaveChangesAsync();
        });
        await bench.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().ExecuteUpdateAsync(update => update.SetProperty(row => row.Status, RequestStatus.Fulfilled)));

        var all = await bench.TasksAsync(reference);
        var live = await bench.Service.InDatabaseAsync(db => LiveTask.In(db, [.. RequestStatuses.Open]).Select(row => row.Task.Id).ToListAsync());

        Assert.That(live, Is.EquivalentTo(all.Where(task => task.OutlivesRequest).Select(task => task.Id)).And.Count.LessThan(all.Count));
        Assert.That(await bench.Service.InDatabaseAsync(db => LiveTask.In(db, RequestStatus.Fulfilled).CountAsync()), Is.EqualTo(all.Count));
    }
}
