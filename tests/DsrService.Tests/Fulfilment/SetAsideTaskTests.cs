using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment;

internal sealed class SetAsideTaskTests
{
    private FulfilmentBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task HandleAsync_LastOpenTask_LetsTheRequestGoOn()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        await bench.AnswerAllWithNothingAsync(reference, task => task.System != "customer-survey");
        Assert.That((await bench.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.InProgress));

        var result = await SetAsideAsync(reference, (await bench.TaskAsync(reference, "erase:customer-survey")).Id, "The survey tool was shut down in May.");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Value?.State, Is.EqualTo(TaskState.SetAside));
            Assert.That((await bench.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.AwaitingDecision));
        }
    }

    [TestCase(null)]
    [TestCase("  ")]
    public async Task HandleAsync_NoReason_IsRefused(string? reason)
    {
        var reference = await bench.InProgressAsync(Right.Erasure);

        var result = await SetAsideAsync(reference, (await bench.TaskAsync(reference, "erase:customer-survey")).Id, reason);

        Assert.That(result.Failure?.Errors?.Keys, Is.EqualTo(["reason"]));
    }

    [Test]
    public async Task HandleAsync_ReceiptAfterwards_IsKeptAsLateAndReopensNothing()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var task = await bench.TaskAsync(reference, "erase:customer-survey");
        await SetAsideAsync(reference, task.Id, "The survey tool was shut down in May.");

        var late = await bench.AnswerAsync(task, ReceiptOutcome.NothingFound);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(late.Failure, Is.Null);
            Assert.That((await bench.TaskAsync(reference, "erase:customer-survey")).State, Is.EqualTo(TaskState.SetAside));
        }
    }

    private Task<Result<TaskOutput>> SetAsideAsync(string reference, Guid task, string? reason) => bench.Service.InScopeAsync(services =>
        services.GetRequiredService<SetAsideTask>().HandleAsync(reference, task, reason, bench.Approver, CancellationToken.None));
}
