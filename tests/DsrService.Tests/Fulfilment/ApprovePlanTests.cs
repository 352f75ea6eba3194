using DsrService.Applicability.Rules;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task HandleAsync_AgentOnly_IsToldThatItTakesAnApprover()
    {
        var reference = await LookedAtAsync(Right.Erasure);
        var agent = bench.Approver with { Grants = [new CallerGrant(TestService.Controller, StaffRole.Agent)] };

        Assert.That((await bench.ApproveAsync(reference, agent)).Failure?.Code, Is.EqualTo("staff.forbidden"));
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

    [Test]
    public async Task HandleAsync_AnswerLetsMoreGo_LooksAgainBeforeItIsChanged()
    {
        var reference = await bench.PlannedAsync(Right.Erasure, Unlawful);
        await bench.AnswerAllWithNothingAsync(reference);
        var questions = PlanRequest.Read(await bench.Service.RequestAsync(reference)).Questions;
        var former = await bench.TaskAsync(reference, "preview:erase:service-log");

        var approved = await ApproveAsync(reference, new(questions.ToDictionary(question => question.Key, _ => QuestionAnswer.Grant)));

        var again = await bench.TaskAsync(reference, "preview:erase:service-log");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(approved.Failure, Is.Null);
            Assert.That(again.Id, Is.Not.EqualTo(former.Id));
            Assert.That(again.Scope, Does.Contain("\"act\""));
            Assert.That((await bench.TasksAsync(reference)).Single(task => task.Id == former.Id).ReplacedBy, Is.EqualTo(again.Id));
            Assert.That((await bench.TaskAsync(reference, "erase:service-log")).NextAttemptAt, Is.Null, "waits for the new preview");
            Assert.That((await bench.TasksAsync(reference)).Count(task => task.Step == "preview:erase:newsletter"), Is.EqualTo(1), "what has not changed is not asked twice");
        }
    }

    [Test]
    public async Task HandleAsync_OneOfTwoAnswers_IsKeptAndOnlyTheOtherIsAsked()
    {
        var reference = await bench.PlannedAsync(Right.Access, Guardian);
        await bench.AnswerAllWithNothingAsync(reference);
        var first = await ApproveAsync(reference, new(new Dictionary<string, QuestionAnswer>()));
        Assert.That((first.Failure?.Code, Questions(first)), Is.EqualTo(("plan.questions_open", "authority")));

        var approved = await ApproveAsync(reference, new(new Dictionary<string, QuestionAnswer> { ["authority"] = QuestionAnswer.Grant }, new Dictionary<string, string> { ["authority"] = "Birth certificate seen." }));

        var entry = await LastAuditAsync(reference, "plan.approved");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(approved.Failure, Is.Null);
            Assert.That(entry.Facts, Does.Contain("\"question\":\"authority\",\"answer\":\"grant\""));
            Assert.That(entry.Facts, Does.Not.Contain("Birth certificate"), "what people write is sealed");
            Assert.That((await bench.TasksAsync(reference)).Where(task => task.Action == TaskAction.Access), Is.Not.Empty, "the identifiers given lead to data now");
        }
    }

    [Test]
    public async Task HandleAsync_NoAuthority_TouchesNothing()
    {
        var reference = await bench.PlannedAsync(Right.Erasure, Guardian);
        await bench.AnswerAllWithNothingAsync(reference);

        var approved = await ApproveAsync(reference, new(new Dictionary<string, QuestionAnswer> { ["authority"] = QuestionAnswer.Deny }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(approved.Failure, Is.Null);
            Assert.That((await bench.TasksAsync(reference)).Where(task => task.Changes), Is.Empty);
            Assert.That(PlanRequest.Read(await bench.Service.RequestAsync(reference)).Rows.Select(row => row.Reason).Distinct(), Is.EqualTo(new[] { "no-authority" }));
        }
    }

    [Test]
    public async Task HandleAsync_FormOverridesAnObjection_NeedsTheGrounds()
    {
        var reference = await bench.PlannedAsync(Right.Objection, new() { Requester = Self, Objection = new(null, "my situation") });
        await bench.AnswerAllWithNothingAsync(reference);
        var questions = PlanRequest.Read(await bench.Service.RequestAsync(reference)).Questions;
        var denied = questions.ToDictionary(question => question.Key, _ => QuestionAnswer.Deny);

        var without = await ApproveAsync(reference, new(denied) { GroundsRequired = true });
        var with = await ApproveAsync(reference, new(denied, questions.ToDictionary(question => question.Key, _ => "Parcels went astray to a former address.")) { GroundsRequired = true });

        Assert.That(without.Failure?.Errors?.Keys, Is.EquivalentTo(questions.Select(question => $"{question.Key}.reason")));
        Assert.That(with.Failure, Is.Null);
    }

    [Test]
    public async Task HandleAsync_OneFieldShownOneNot_OnlyTheShownOneIsSent()
    {
        var reference = await bench.PlannedAsync(Right.Rectification, new()
        {
            Requester = Self,
            Corrections =
            [
                new("name", new Personal<string?>(null), new Personal<string?>("Ada Berg"), new Personal<string?>(null)),
                new("email", new Personal<string?>(null), new Personal<string?>("ada@other.example"), new Personal<string?>(null)),
            ],
        });
        await bench.AnswerAllWithNothingAsync(reference);

        Assert.That((await ApproveAsync(reference, new(new Dictionary<string, QuestionAnswer> { ["16-review:email"] = QuestionAnswer.Deny }))).Failure, Is.Null);
        await bench.AnswerAllWithNothingAsync(reference, task => task.Preview || task.Action == TaskAction.Locate);
        await bench.SettleAsync();

        var sent = bench.Sent.Last(sent => sent.Task is { System: "webshop", Action: TaskAction.Rectify, Preview: false } && sent.Task.Reference == reference);
        Assert.That(sent.Task.Corrections!.Select(correction => correction.Field), Is.EqualTo(new[] { "name" }));
    }

    private static RequesterContent Self => new("Ada Lind", "ada.lind@example.org", Relation.Self);

    private static IntakeContent Unlawful => new() { Requester = Self, Erasure = new([ErasureGround.Unlawful]) };

    private static IntakeContent Guardian => new() { Requester = new("Ada Lind", "ada.lind@example.org", Relation.Guardian), Subject = new("Bo Lind", new DateOnly(2014, 5, 1)) };

    private static string Questions(Result<ApprovalOutput> result) =>
        string.Join(' ', ((IReadOnlyList<Question>)result.Failure!.Extensions!["questions"]!).Select(question => question.Key));

    private Task<Result<ApprovalOutput>> ApproveAsync(string reference, ApprovePlan.Input input) => bench.Service.InScopeAsync(services =>
        services.GetRequiredService<ApprovePlan>().HandleAsync(reference, bench.Approver, input, CancellationToken.None));

    private Task<AuditEntry> LastAuditAsync(string reference, string @event) => bench.Service.InDatabaseAsync(async db =>
    {
        var request = await db.Set<DataSubjectRequest>().SingleAsync(row => row.Reference == reference);
        return await db.Set<AuditEntry>().SingleAsync(row => row.Chain == request.Id.ToString() && row.Event == @event);
    });

    private async Task<string> LookedAtAsync(Right right)
    {
        var reference = await bench.PlannedAsync(right);
        await bench.AnswerAllWithNothingAsync(reference);
        return reference;
    }
}
