using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment;

internal sealed class RetryTaskTests
{
    private FulfilmentBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task HandleAsync_RefusedTask_IsReplacedByOneWithANewId()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var refused = await bench.TaskAsync(reference, "erase:customer-survey");
        await bench.AnswerAsync(refused, ReceiptOutcome.Refused);

        var retried = await RetryAsync(reference, refused.Id);
        await bench.AnswerAllWithNothingAsync(reference, task => task.System == "customer-survey");

        var rows = (await bench.TasksAsync(reference)).Where(task => task.Step == "erase:customer-survey").ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(retried.Value?.TaskId, Is.Not.EqualTo(refused.Id));
            Assert.That(rows.Single(task => task.Id == refused.Id).ReplacedBy, Is.EqualTo(retried.Value?.TaskId));
            Assert.That(rows.Single(task => task.Id == retried.Value?.TaskId).State, Is.EqualTo(TaskState.Verified));
        }
    }

    [Test]
    public async Task HandleAsync_SentTask_GoesOutAgainNowUnderItsOwnId()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var task = await bench.TaskAsync(reference, "erase:customer-survey");

        await RetryAsync(reference, task.Id);
        await bench.SettleAsync();

        Assert.That(bench.Sent.Count(sent => sent.Task.TaskId == task.Id), Is.EqualTo(2));
    }

    [Test]
    public async Task HandleAsync_VerifiedTask_IsNotTriedAgain()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        await bench.AnswerAllWithNothingAsync(reference, task => task.System == "customer-survey");

        var result = await RetryAsync(reference, (await bench.TaskAsync(reference, "erase:customer-survey")).Id);

        Assert.That(result.Failure?.Code, Is.EqualTo("task.not_retryable"));
    }

    [Test]
    public async Task HandleAsync_TaskOfAnotherRequest_IsNotFound()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var other = await bench.InProgressAsync(Right.Erasure);

        var result = await RetryAsync(reference, (await bench.TaskAsync(other, "erase:customer-survey")).Id);

        Assert.That(result.Failure?.Code, Is.EqualTo("task.not_found"));
    }

    private Task<Result<TaskOutput>> RetryAsync(string reference, Guid task) => bench.Service.InScopeAsync(services =>
        services.GetRequiredService<RetryTask>().HandleAsync(reference, task, bench.Approver, CancellationToken.None));
}
