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
        Assert.That((await bench.AnswerAsync(lifted, ReceiptOutcome.Completed, new ReceiptItem { Category = Scope(lifted).Single().Category, Found = 1, Restricted = 1 })).Failure, Is.Null);
        Assert.That((await LiftingAsync(reference)).State, Is.EqualTo(TaskState.Done));
        Assert.That(await RestrictedAsync(), Is.False, "people work this one, whom nobody asks again");
    }

    [Test]
    public async Task Lifting_FindsNothingOfWhatWasRestricted_IsNoProofAndStaysWithThePeople()
    {
        var reference = await DecidedAsync(QuestionAnswer.Deny);
        var lifting = await SentAsync(reference);

        Assert.That((await bench.AnswerAsync(lifting, ReceiptOutcome.NothingFound)).Failure, Is.Null);

        var failed = await LiftingAsync(reference);
        Assert.That((failed.State, failed.LastError, failed.NextAttemptAt), Is.EqualTo((TaskState.Failed, TaskErrors.NothingToLift, (DateTimeOffset?)null)));
        Assert.That(await RestrictedAsync(), Is.True);
        var again = await bench.Service.InScopeAsync(services => services.GetRequiredService<RetryTask>().HandleAsync(reference, failed.Id, bench.Approver, CancellationToken.None));
        Assert.That((again.Failure, again.Value!.TaskId == failed.Id), Is.EqualTo(((Failure?)null, false)));
        await bench.SettleAsync();

        var aside = await bench.Service.InScopeAsync(services => services.GetRequiredService<SetAsideTask>().HandleAsync(reference, again.Value.TaskId, "The list was thrown away in May.", bench.Approver, CancellationToken.None));
        Assert.That((aside.Failure, aside.Value?.State), Is.EqualTo(((Failure?)null, TaskState.SetAside)));
        Assert.That(await RestrictedAsync(), Is.False);
    }

    [Test]
    public async Task Lifting_AskedAgain_EndsTheRestrictionOnlyWhereItIsGone()
    {
        var reference = await RectifiedAsync();
        var restricted = (await bench.TasksAsync(reference)).Where(task => task.Action == TaskAction.Restrict).ToList();
        Assert.That(restricted.Select(task => task.State), Is.Not.Empty.And.All.EqualTo(TaskState.Verified), "the preliminary restriction is asked about as well");
        await AnswerAsync(reference);
        await SentAsync(reference);
        foreach (var lifting in await LiftingsAsync(reference))
            await bench.AnswerAsync(lifting, ReceiptOutcome.Completed, new ReceiptItem { Category = Scope(lifting)[0].Category, Found = 1, Restricted = 1 });
        Assert.That(await RestrictedAsync(), Is.True, "claimed is not proved");
        await bench.SettleAsync();
        var liftings = await LiftingsAsync(reference);
        var proofs = (await bench.TasksAsync(reference)).Where(task => liftings.Exists(lifting => lifting.Id == task.Verifies)).ToList();
        Assert.That(proofs, Has.Count.EqualTo(liftings.Count).And.Count.GreaterThan(1));

        await bench.AnswerAsync(proofs[0], ReceiptOutcome.Completed, new ReceiptItem { Category = Scope(proofs[0])[0].Category, Found = 1 });
        foreach (var proof in proofs[1..])
            await bench.AnswerAsync(proof, ReceiptOutcome.NothingFound);

        var ended = (await LiftingsAsync(reference)).ToDictionary(task => task.System, task => (task.State, task.LastError));
        Assert.That(ended[proofs[0].System], Is.EqualTo((TaskState.Failed, TaskErrors.NotVerified)));
        Assert.That(proofs[1..].ConvertAll(proof => ended[proof.System].State), Is.All.EqualTo(TaskState.Verified));
        var inForce = await bench.Service.InDatabaseAsync(db => db.Set<StandingState>().Where(state => state.State == StandingKind.Restriction && state.EndedAt == null).Select(state => state.System).Distinct().ToListAsync());
        Assert.That(inForce, Is.EqualTo(new[] { proofs[0].System }));
    }

    [Test]
    public async Task Lifting_AfterTheAddressWasRectified_GoesOutWithTheNewOneWhereItIsNow()
    {
        const string Unchanged = "newsletter";
        var reference = await RectifiedAsync(task => task.System != Unchanged);
        await AnswerAsync(reference);

        await SentAsync(reference);

        var sent = bench.Sent.Where(task => task.Task.Action == TaskAction.LiftRestriction).Select(task => (task.Task.System,
            Values: string.Join(' ', task.Task.Identifiers!.Where(row => row is { Kind: "email", Verified: true }).Select(row => row.Value.Reveal()).Order()))).ToList();
        Assert.That(sent.Where(task => task.System == Unchanged).Select(task => task.Values), Is.EqualTo(new[] { "ada.lind@example.org" }));
        Assert.That(sent.Where(task => task.System != Unchanged).Select(task => task.Values), Is.Not.Empty.And.All.EqualTo("ada.lind@example.org new@example.org"));
        var proofs = bench.Sent.Where(task => task.Task is { Action: TaskAction.Verify, Corrections: not null }).ToList();
        Assert.That(proofs.Select(task => (task.Task.Identifiers!.Count(row => row.Kind == "email"), task.Task.Corrections!.Single().Requested.Reveal())), Is.Not.Empty.And.All.EqualTo((1, "new@example.org")),
            "the change is looked for by what led there before");
    }

    [TestCase(0, 0, 0, TaskErrors.NothingToLift)]
    [TestCase(3, 1, 2, TaskErrors.StillRestricted)]
    public async Task Lifting_OfNothingOrOfAPart_IsNoLiftingWhereNobodyCanAskAgain(int found, int freed, int retained, string error)
    {
        var reference = await DecidedAsync(QuestionAnswer.Deny);
        var lifting = await SentAsync(reference);

        var answered = await bench.AnswerAsync(lifting, retained > 0 ? ReceiptOutcome.PartlyRetained : ReceiptOutcome.Completed,
            new ReceiptItem { Category = Scope(lifting).Single().Category, Found = found, Restricted = freed, Retained = retained, Reason = retained > 0 ? "A lawsuit" : null });

        Assert.That(answered.Failure?.Errors?.Values.First(), Is.Null);
        var failed = await LiftingAsync(reference);
        Assert.That((failed.State, failed.LastError), Is.EqualTo((TaskState.Failed, error)));
        Assert.That(await RestrictedAsync(), Is.True);
    }

    [Test]
    public async Task Lifting_BeforeItsDay_CannotBeSetAside()
    {
        var reference = await DecidedAsync(QuestionAnswer.Deny);

        var aside = await bench.Service.InScopeAsync(async services => await services.GetRequiredService<SetAsideTask>()
            .HandleAsync(reference, (await LiftingAsync(reference)).Id, "Never mind.", bench.Approver, CancellationToken.None));

        Assert.That(aside.Failure?.Code, Is.EqualTo("task.has_ended"));
        Assert.That(await RestrictedAsync(), Is.True);
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
        await ApproveAsync(reference, answer);
        await AnswerEverythingAsync(reference);
        await AnswerAsync(reference);
        return reference;
    }

    private async Task ApproveAsync(string reference, QuestionAnswer answer)
    {
        var questions = PlanRequest.Read(await bench.Service.RequestAsync(reference)).Questions;
        Assert.That(questions, Is.Not.Empty);
        var approved = await bench.Service.InScopeAsync(services => services.GetRequiredService<ApprovePlan>().HandleAsync(reference, bench.Approver,
            questions.ToDictionary(question => question.Key, _ => answer), CancellationToken.None));
        Assert.That(approved.Failure, Is.Null);
    }

    private async Task<string> RectifiedAsync(Func<RequestTask, bool>? where = null)
    {
        var reference = await bench.PlannedAsync(Right.Rectification, Correcting("email", "new@example.org"));
        await AnswerEverythingAsync(reference);
        await ApproveAsync(reference, QuestionAnswer.Grant);
        await AnswerEverythingAsync(reference, where);
        return reference;
    }

    private Task<bool> RestrictedAsync() => bench.Service.InDatabaseAsync(db => db.Set<StandingState>().AnyAsync(state => state.State == StandingKind.Restriction && state.EndedAt == null));

    private async Task<List<RequestTask>> LiftingsAsync(string reference) => [.. (await bench.TasksAsync(reference)).Where(task => task.Action == TaskAction.LiftRestriction)];

    // Once its letter has gone out and its day has come.
    private async Task<RequestTask> SentAsync(string reference)
    {
        bench.Service.Clock.Advance(TimeSpan.FromDays(30));
        await bench.Service.InDatabaseAsync(db => db.Set<Notice>().ExecuteUpdateAsync(notice => notice.SetProperty(row => row.State, NoticeState.Sent)));
        await bench.SettleAsync();
        return await LiftingAsync(reference);
    }

    // Restrictions and rectifications found something, everything else found nothing.
    private async Task AnswerEverythingAsync(string reference, Func<RequestTask, bool>? rectifies = null)
    {
        while (true)
        {
            await bench.SettleAsync();
            var open = (await bench.TasksAsync(reference)).Where(task => task.State == TaskState.Sent).ToList();
            if (open.Count == 0)
                return;
            foreach (var task in open)
            {
                var category = Scope(task).Select(item => item.Category).FirstOrDefault();
                var answered = task switch
                {
                    { Action: TaskAction.Restrict, Preview: false } => await bench.AnswerAsync(task, ReceiptOutcome.Completed, new ReceiptItem { Category = category!, Found = 1, Restricted = 1 }),
                    { Action: TaskAction.Rectify, Preview: false } when rectifies?.Invoke(task) ?? true => await bench.AnswerAsync(task, ReceiptOutcome.Completed, new ReceiptItem { Category = category!, Found = 1, Rectified = 1 }),
                    _ => await bench.AnswerAsync(task, ReceiptOutcome.NothingFound),
                };
                Assert.That(answered.Failure, Is.Null);
            }
        }
    }

    private async Task AnswerAsync(string reference)
    {
        var answered = await bench.Service.InScopeAsync(services => services.GetRequiredService<AnswerRequest>().HandleAsync(reference, bench.Approver, new(), CancellationToken.None));
        Assert.That(answered.Failure?.Code, Is.Null);
    }

    private async Task<RequestTask> LiftingAsync(string reference) => (await bench.TasksAsync(reference)).First(task => task is { Action: TaskAction.LiftRestriction, ReplacedBy: null });

    private static List<ScopeItem> Scope(RequestTask task) => JsonSerializer.Deserialize<List<ScopeItem>>(task.Scope, DsrJson.Options)!;

    private Task<Result<LiftRestriction.Output>> LiftAsync(string reference, string? reason) => bench.Service.InScopeAsync(services =>
        services.GetRequiredService<LiftRestriction>().HandleAsync(reference, bench.Approver, new(reason), CancellationToken.None));
}
