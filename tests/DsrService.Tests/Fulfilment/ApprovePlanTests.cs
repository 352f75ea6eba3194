using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Fulfilment;

internal sealed class ApprovePlanTests
{
    private FulfilmentBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [SetUp]
    public void AnswerAgain() => bench.Results.Clear();

    [Test]
    public async Task HandleAsync_TwoAtTheSameMoment_OneWins()
    {
        var reference = await LookedAtAsync(Right.Erasure);

        var both = await Task.WhenAll(bench.ApproveAsync(reference), bench.ApproveAsync(reference));

        var loser = both.Single(result => result.Failed).Failure!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(loser.Code, Is.EqualTo("request.move_not_allowed"));
            Assert.That(loser.Extensions!["allowedMoves"], Does.Contain("refuse"));
            Assert.That((await bench.TasksAsync(reference)).Count(task => task is { Action: TaskAction.Erase, Preview: false, System: "webshop" }), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task HandleAsync_CallerOfAnotherController_FindsNothing()
    {
        var reference = await LookedAtAsync(Right.Erasure);
        var stranger = bench.Approver with { Grants = [new CallerGrant("somebody-else", StaffRole.Officer)] };

        var result = await bench.ApproveAsync(reference, stranger);

        Assert.That(result.Failure?.Code, Is.EqualTo("request.not_found"));
    }

    [Test]
    public async Task HandleAsync_AgentOnly_FindsNothing()
    {
        var reference = await LookedAtAsync(Right.Erasure);
        var agent = bench.Approver with { Grants = [new CallerGrant(TestService.Controller, StaffRole.Agent)] };

        Assert.That((await bench.ApproveAsync(reference, agent)).Failed, Is.True);
    }

    [Test]
    public async Task HandleAsync_PreviewFailed_GoesOnAndTheAuditSaysSo()
    {
        bench.Results["customer-survey"] = new SendResult.Failed("connector.timeout");
        var reference = await bench.PlannedAsync(Right.Erasure);
        await bench.AnswerAllWithNothingAsync(reference);

        var result = await bench.ApproveAsync(reference);

        var entry = await bench.Service.InDatabaseAsync(async db =>
        {
            var request = await db.Set<DataSubjectRequest>().SingleAsync(row => row.Reference == reference);
            return await db.Set<AuditEntry>().SingleAsync(row => row.Chain == request.Id.ToString() && row.Event == "plan.approved");
        });
        Assert.That(result.Failure, Is.Null);
        Assert.That(entry.Facts, Does.Contain("\"withoutPreview\":[\"customer-survey\"]"));
    }

    [Test]
    public async Task HandleAsync_LocationStillMissing_SystemBehindItWaitsInsteadOfBeingCalledEmpty()
    {
        bench.Results["webshop"] = new SendResult.Failed("connector.timeout");
        var reference = await bench.PlannedAsync(Right.Erasure);
        await bench.AnswerAllWithNothingAsync(reference);

        await bench.ApproveAsync(reference);
        await bench.SettleAsync();

        Assert.That((await bench.TaskAsync(reference, "erase:product-registration")).State, Is.EqualTo(TaskState.Planned));
    }

    [Test]
    public async Task HandleAsync_NobodyGivesAnIdentifier_TaskEndsAsNotHeldWithTheReason()
    {
        var reference = await LookedAtAsync(Right.Erasure);

        await bench.ApproveAsync(reference);

        var task = await bench.TaskAsync(reference, "erase:product-registration");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(task.State, Is.EqualTo(TaskState.Done));
            Assert.That(task.Outcome, Is.EqualTo(ReceiptOutcome.NotHeld));
            Assert.That(task.LastError, Is.EqualTo(TaskErrors.NoIdentifier));
        }
    }

    [Test]
    public async Task HandleAsync_OnHold_IsRefused()
    {
        var reference = await LookedAtAsync(Right.Erasure);
        await bench.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().Where(request => request.Reference == reference)
            .ExecuteUpdateAsync(update => update.SetProperty(request => request.OnHold, true)));

        Assert.That((await bench.ApproveAsync(reference)).Failure?.Code, Is.EqualTo("request.on_hold"));
    }

    private async Task<string> LookedAtAsync(Right right)
    {
        var reference = await bench.PlannedAsync(right);
        await bench.AnswerAllWithNothingAsync(reference);
        return reference;
    }
}
