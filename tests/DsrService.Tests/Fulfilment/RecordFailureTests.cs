using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment;

internal sealed class RecordFailureTests
{
    private FulfilmentBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task Handle_WithAMessage_StandsWithTheTaskUntilItIsSentAgain()
    {
        var task = await SentAsync();

        await FailAsync(task, "The shop is read-only until two o'clock.");

        Assert.That(await bench.MessagesAsync(task), Is.EqualTo(new[] { "The shop is read-only until two o'clock." }));
        var facts = await bench.Service.InDatabaseAsync(db => db.Set<AuditEntry>().Where(entry => entry.Event == "task.failed").Select(entry => entry.Facts).SingleAsync());
        Assert.That(facts, Does.Contain("\"text\":{").And.Not.Contain("read-only"), "words of people are sealed");
        bench.Service.Clock.Advance(TimeSpan.FromHours(2));
        await bench.SettleAsync();
        var again = await TaskAsync(task);
        Assert.That((again.State, again.Attempt, again.LastError, again.Messages), Is.EqualTo((TaskState.Sent, 2, (string?)null, (byte[]?)null)));
    }

    [TestCase(null, 0)]
    [TestCase("  ", 0)]
    [TestCase("x", 1)]
    [TestCase("long", 2000)]
    public async Task Handle_MessageOfAnyLength_IsKeptAsFarAsItGoes(string? message, int kept)
    {
        var task = await SentAsync();

        await FailAsync(task, message == "long" ? new string('x', 9000) : message);

        Assert.That((await bench.MessagesAsync(task)).Sum(text => text.Length), Is.EqualTo(kept));
    }

    [Test]
    public async Task Handle_QuickerThanTheSendingIsWrittenDown_IsNotOverwritten()
    {
        bench.Sending = async sent =>
        {
            bench.Service.Clock.Advance(TimeSpan.FromMilliseconds(1));
            if (sent.Task is { System: "webshop", Preview: false })
                await FailAsync(sent.Task.TaskId, "Down.");
        };

        var task = await TaskAsync(await SentAsync());

        Assert.That((task.State, task.LastError, task.SentAt is not null), Is.EqualTo((TaskState.Failed, "store.unavailable", true)));
        Assert.That(await bench.MessagesAsync(task.Id), Is.EqualTo(new[] { "Down." }));
    }

    [Test]
    public async Task Handle_SeveralLines_EachStandsByItself()
    {
        var task = await SentAsync();

        await FailAsync(task, "Down.\r\n\n  Since noon.\n");

        Assert.That(await bench.MessagesAsync(task), Is.EqualTo(new[] { "Down.", "Since noon." }));
    }

    [Test]
    public async Task Handle_ReceiptWasRefused_TheReasonsStandWithTheTask()
    {
        bench.Sending = sent =>
        {
            bench.Results["webshop"] = new SendResult.Answered(new Receipt
            {
                TaskId = sent.Task.TaskId,
                Outcome = ReceiptOutcome.Completed,
                Items = [new() { Category = "moon-phases", Found = 1 }],
                HandledAt = bench.Service.Clock.GetUtcNow(),
                Handler = "test",
            });
            return Task.CompletedTask;
        };

        var task = await TaskAsync(await SentAsync());

        Assert.That((task.State, task.LastError), Is.EqualTo((TaskState.Failed, "receipt.contradictory")));
        Assert.That(await bench.MessagesAsync(task.Id), Has.Exactly(1).Contains("items[0].category: receipt.unknown_category: The data map knows no such category at this system."));
    }

    private async Task<Guid> SentAsync()
    {
        var reference = await bench.PlannedAsync(Right.Access);
        await bench.DispatchAsync();
        return (await bench.TasksAsync(reference)).First(task => task is { System: "webshop", Preview: false, Attempt: 1 }).Id;
    }

    private async Task FailAsync(Guid task, string? message) => await bench.Service.InScopeAsync(services => services.GetRequiredService<RecordFailure>()
        .HandleAsync(TestService.Controller, "webshop", new(task, "store.unavailable", message, 60), CancellationToken.None));

    private Task<RequestTask> TaskAsync(Guid task) => bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().AsNoTracking().SingleAsync(row => row.Id == task));
}
