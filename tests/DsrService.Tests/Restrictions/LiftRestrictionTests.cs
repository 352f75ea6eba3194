using System.Text.Json;
using DsrService.Applicability.Rules;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Restrictions;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Tests.Fulfilment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Restrictions;

/// <summary>While a person decides, data is stored and not used (Art. 18(1)(a), (d)); before that ends, the person is told
/// (Art. 18(3)).</summary>
internal sealed class LiftRestrictionTests
{
    private FulfilmentBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task Plan_ObjectionThatAPersonWeighs_RestrictsAtOnceWithoutApproval()
    {
        var reference = await bench.PlannedAsync(Right.Objection, Objecting);

        await bench.AnswerAllWithNothingAsync(reference, task => task.Action == TaskAction.Locate);

        var restriction = (await bench.TasksAsync(reference)).Single(task => task.Action == TaskAction.Restrict);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await bench.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Planned));
            Assert.That(restriction.State, Is.EqualTo(TaskState.Sent));
            Assert.That(Scope(restriction).Select(item => item.Reason).Distinct(), Is.EqualTo(new[] { "18-1-d" }));
        }
    }

    [Test]
    public async Task Plan_AccuracyContested_RestrictsWhileItIsCompared()
    {
        var reference = await bench.PlannedAsync(Right.Rectification, Correcting("email", "new@example.org"));

        await bench.SettleAsync();

        Assert.That((await bench.TasksAsync(reference)).Where(task => task is { Action: TaskAction.Restrict, State: TaskState.Sent }).SelectMany(Scope).Select(item => item.Reason).Distinct(), Is.EqualTo(new[] { "18-1-a" }));
    }

    [Test]
    public async Task Answer_AfterTheDecision_TellsThePersonAndLiftsOnlyThen()
    {
        var reference = await DecidedAsync(QuestionAnswer.Deny);

        var letter = (await bench.Service.NoticesAsync(reference)).Single(notice => notice.Kind == NoticeKind.LiftingRestriction);
        Assert.That(letter.Content.Text, Does.Contain("We will lift the restriction on"));

        bench.Service.Clock.Advance(TimeSpan.FromDays(30));
        await bench.SettleAsync();
        Assert.That((await LiftingAsync(reference)).State, Is.EqualTo(TaskState.Planned), "the letter has not gone out");

        await bench.Service.InDatabaseAsync(db => db.Set<Notice>().ExecuteUpdateAsync(notice => notice.SetProperty(row => row.State, NoticeState.Sent)));
        await bench.SettleAsync();
        var lifted = await LiftingAsync(reference);
        Assert.That((lifted.State, Scope(lifted).Count), Is.EqualTo((TaskState.Sent, 1)));
        Assert.That((await bench.AnswerAsync(lifted, ReceiptOutcome.NothingFound)).Failure, Is.Null);
        Assert.That((await bench.TaskAsync(reference, lifted.Step)).State, Is.EqualTo(TaskState.Done));
    }

    [Test]
    public async Task Answer_LetterSent_LiftsNoEarlierThanFiveWorkingDaysAfter()
    {
        var reference = await DecidedAsync(QuestionAnswer.Grant);
        await bench.Service.InDatabaseAsync(db => db.Set<Notice>().ExecuteUpdateAsync(notice => notice.SetProperty(row => row.State, NoticeState.Sent)));

        bench.Service.Clock.Advance(TimeSpan.FromDays(4));
        await bench.SettleAsync();

        var lifting = await LiftingAsync(reference);
        Assert.That((lifting.State, lifting.NextAttemptAt > bench.Service.Clock.GetUtcNow()), Is.EqualTo((TaskState.Planned, true)));
    }

    [Test]
    public async Task HandleAsync_FulfilledRestriction_NeedsAReasonAndHappensOnce()
    {
        var reference = await bench.PlannedAsync(Right.Restriction, new()
        {
            Requester = new("Ada Lind", "ada.lind@example.org", Relation.Self),
            Restriction = new(RestrictionGround.AccuracyContested),
        });
        await AnswerEverythingAsync(reference);
        Assert.That((await bench.ApproveAsync(reference)).Failure, Is.Null);
        await AnswerEverythingAsync(reference);
        await AnswerAsync(reference);

        var withoutReason = await LiftAsync(reference, null);
        var first = await LiftAsync(reference, "The address was checked and is right.");
        var second = await LiftAsync(reference, "Again.");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(withoutReason.Failure?.Errors, Does.ContainKey("reason"));
            Assert.That(first.Failure, Is.Null);
            Assert.That(second.Failure?.Code, Is.EqualTo("restriction.none"));
            Assert.That((await bench.Service.NoticesAsync(reference))[^1].Content.Text, Does.Contain("The address was checked and is right."));
        }
    }

    private static IntakeContent Objecting => new()
    {
        Requester = new("Ada Lind", "ada.lind@example.org", Relation.Self),
        Objection = new(null, "I am a musician whose address must stay unknown."),
    };

    private static IntakeContent Correcting(string field, string requested) => new()
    {
        Requester = new("Ada Lind", "ada.lind@example.org", Relation.Self),
        Corrections = [new(field, new Personal<string?>("old@example.org"), new Personal<string?>(requested), new Personal<string?>(null))],
    };

    private async Task<string> DecidedAsync(QuestionAnswer answer)
    {
        var reference = await bench.PlannedAsync(Right.Objection, Objecting);
        await AnswerEverythingAsync(reference);
        var questions = PlanRequest.Read(await bench.Service.RequestAsync(reference)).Questions;
        Assert.That(questions, Is.Not.Empty);
        var approved = await bench.Service.InScopeAsync(services => services.GetRequiredService<ApprovePlan>().HandleAsync(reference, bench.Approver,
            questions.ToDictionary(question => question.Key, _ => answer), CancellationToken.None));
        Assert.That(approved.Failure, Is.Null);
        await AnswerEverythingAsync(reference);
        await AnswerAsync(reference);
        return reference;
    }

    // Restrictions found something, everything else found nothing.
    private async Task AnswerEverythingAsync(string reference)
    {
        while (true)
        {
            await bench.SettleAsync();
            var open = (await bench.TasksAsync(reference)).Where(task => task.State == TaskState.Sent).ToList();
            if (open.Count == 0)
                return;
            foreach (var task in open)
            {
                var restricts = task is { Action: TaskAction.Restrict, Preview: false };
                var category = Scope(task).Select(item => item.Category).FirstOrDefault();
                var answered = restricts
                    ? await bench.AnswerAsync(task, ReceiptOutcome.Completed, new ReceiptItem { Category = category!, Found = 1, Restricted = 1 })
                    : await bench.AnswerAsync(task, ReceiptOutcome.NothingFound);
                Assert.That(answered.Failure, Is.Null);
            }
        }
    }

    private async Task AnswerAsync(string reference)
    {
        var answered = await bench.Service.InScopeAsync(services => services.GetRequiredService<AnswerRequest>().HandleAsync(reference, bench.Approver, new(), CancellationToken.None));
        Assert.That(answered.Failure?.Code, Is.Null);
    }

    private async Task<RequestTask> LiftingAsync(string reference) => (await bench.TasksAsync(reference)).Single(task => task.Action == TaskAction.LiftRestriction);

    private static List<ScopeItem> Scope(RequestTask task) => JsonSerializer.Deserialize<List<ScopeItem>>(task.Scope, DsrJson.Options)!;

    private Task<Result<LiftRestriction.Output>> LiftAsync(string reference, string? reason) => bench.Service.InScopeAsync(services =>
        services.GetRequiredService<LiftRestriction>().HandleAsync(reference, bench.Approver, new(reason), CancellationToken.None));
}
