using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Fulfilment;

internal sealed class RecordReceiptTests
{
    private FulfilmentBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task HandleAsync_SameReceiptTwice_CountsOnce()
    {
        var reference = await InProgressAsync();
        var task = await bench.TaskAsync(reference, "erase:customer-survey");

        var first = await bench.AnswerAsync(task, ReceiptOutcome.NothingFound);
        var second = await bench.AnswerAsync(task, ReceiptOutcome.NothingFound);

        Assert.That(second.Value, Is.EqualTo(first.Value));
        Assert.That(await bench.Service.InDatabaseAsync(db => db.Set<TaskReceipt>().CountAsync(receipt => receipt.TaskId == task.Id)), Is.EqualTo(1));
    }

    [Test]
    public async Task HandleAsync_OtherReceiptAfterOneThatCounted_IsRefused()
    {
        var reference = await InProgressAsync();
        var task = await bench.TaskAsync(reference, "erase:customer-survey");
        await bench.AnswerAsync(task, ReceiptOutcome.NothingFound);

        var other = await bench.AnswerAsync(task, ReceiptOutcome.Refused);

        Assert.That(other.Failure?.Code, Is.EqualTo("receipt.contradicts_earlier"));
    }

    [Test]
    public async Task HandleAsync_TwoDifferentAtOnce_OneCounts()
    {
        var reference = await InProgressAsync();
        var task = await bench.TaskAsync(reference, "erase:customer-survey");

        var both = await Task.WhenAll(bench.AnswerAsync(task, ReceiptOutcome.NothingFound), bench.AnswerAsync(task, ReceiptOutcome.Refused));

        Assert.That(both.Count(result => result.Failed), Is.EqualTo(1));
    }

    [Test]
    public async Task HandleAsync_OtherSystemsTask_DoesNotExist()
    {
        var reference = await InProgressAsync();
        var task = await bench.TaskAsync(reference, "erase:customer-survey");
        task = new RequestTask
        {
            Id = task.Id,
            RequestId = task.RequestId,
            Controller = task.Controller,
            System = "webshop",
            Binding = task.Binding,
            Action = task.Action,
            Step = task.Step,
            Scope = task.Scope,
            CreatedAt = task.CreatedAt,
        };

        var result = await bench.AnswerAsync(task, ReceiptOutcome.NothingFound);

        Assert.That(result.Failure?.Code, Is.EqualTo("task.not_found"));
    }

    [Test]
    public async Task HandleAsync_FoundIsNotTheSum_IsRefusedAndChangesNothing()
    {
        var reference = await InProgressAsync();
        var task = await bench.TaskAsync(reference, "erase:customer-survey");
        var category = task.Scope.Split('"')[3];

        var result = await bench.AnswerAsync(task, ReceiptOutcome.Completed, new ReceiptItem { Category = category, Found = 3, Erased = 2 });

        Assert.That(result.Failure?.Code, Is.EqualTo("receipt.contradictory"));
        Assert.That((await bench.TaskAsync(reference, "erase:customer-survey")).State, Is.EqualTo(TaskState.Sent));
    }

    [Test]
    public async Task HandleAsync_ErasureClaimedButStillFound_FailsTheTaskAndNeverFulfils()
    {
        var reference = await InProgressAsync();
        var task = await bench.TaskAsync(reference, "erase:customer-survey");
        var category = Category(task);
        await bench.AnswerAsync(task, ReceiptOutcome.Completed, new ReceiptItem { Category = category, Found = 2, Erased = 2 });
        await bench.SettleAsync();
        var verification = await bench.TaskAsync(reference, "verify:erase:customer-survey");

        var answered = await bench.AnswerAsync(verification, ReceiptOutcome.Completed, new ReceiptItem { Category = category, Found = 2 });
        Assert.That(answered.Failure, Is.Null);
        await bench.AnswerAllWithNothingAsync(reference);

        var claimed = await bench.TaskAsync(reference, "erase:customer-survey");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(claimed.State, Is.EqualTo(TaskState.Failed));
            Assert.That(claimed.LastError, Is.EqualTo("verification.still_found"));
            Assert.That((await bench.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.InProgress));
        }
    }

    [Test]
    public async Task HandleAsync_VerificationRetainsWhatWasClaimedErased_FailsTheTask()
    {
        var reference = await InProgressAsync();
        var task = await bench.TaskAsync(reference, "erase:customer-survey");
        await bench.AnswerAsync(task, ReceiptOutcome.Completed, new ReceiptItem { Category = Category(task), Found = 2, Erased = 2 });
        await bench.SettleAsync();

        await bench.AnswerAsync(await bench.TaskAsync(reference, "verify:erase:customer-survey"), ReceiptOutcome.PartlyRetained,
            new ReceiptItem { Category = Category(task), Found = 2, Retained = 2, Reason = "17-3-b" });

        Assert.That((await bench.TaskAsync(reference, "erase:customer-survey")).State, Is.EqualTo(TaskState.Failed));
    }

    [Test]
    public async Task HandleAsync_TaskNeverSent_IsRefused()
    {
        var reference = await bench.PlannedAsync(Right.Erasure);
        var task = await bench.TaskAsync(reference, "preview:erase:customer-survey");

        Assert.That((await bench.AnswerAsync(task, ReceiptOutcome.NothingFound)).Failure?.Code, Is.EqualTo("task.not_sent"));
    }

    [Test]
    public async Task HandleAsync_VerifiedGone_MovesTheTaskToVerified()
    {
        var reference = await InProgressAsync();
        var task = await bench.TaskAsync(reference, "erase:customer-survey");
        await bench.AnswerAsync(task, ReceiptOutcome.Completed, new ReceiptItem { Category = Category(task), Found = 2, Erased = 2 });
        await bench.SettleAsync();

        await bench.AnswerAsync(await bench.TaskAsync(reference, "verify:erase:customer-survey"), ReceiptOutcome.NothingFound);

        Assert.That((await bench.TaskAsync(reference, "erase:customer-survey")).State, Is.EqualTo(TaskState.Verified));
    }

    [Test]
    public async Task HandleAsync_SystemRefuses_LeavesTheTaskToAPerson()
    {
        var reference = await InProgressAsync();

        await bench.AnswerAsync(await bench.TaskAsync(reference, "erase:customer-survey"), ReceiptOutcome.Refused);
        await bench.AnswerAllWithNothingAsync(reference);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await bench.TaskAsync(reference, "erase:customer-survey")).State, Is.EqualTo(TaskState.Failed));
            Assert.That((await bench.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.InProgress));
        }
    }

    private static string Category(RequestTask task) =>
        System.Text.Json.JsonSerializer.Deserialize<List<ScopeItem>>(task.Scope, DsrJson.Options)!.First(item => item.Decision == ScopeDecision.Act).Category;

    private Task<string> InProgressAsync() => bench.InProgressAsync(Right.Erasure);
}
