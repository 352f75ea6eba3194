using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Sdk.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class TaskProcessorTests
{
    private static readonly TaskHandler Erases = (_, _) =>
        Task.FromResult(new ReceiptDraft().Erased("contact", 2).Retained("orders", 3, handle: "h-1"));

    [Test]
    public async Task ProcessAsync_SealedTask_HandlerSeesItOpenAndTheReceiptAddsUp()
    {
        TaskContext? seen = null;
        var answers = new RecordedAnswers();
        var task = StubSystem.Task();
        await using var services = StubSystem.Services((context, cancel) =>
        {
            seen = context;
            return Erases(context, cancel);
        }).BuildServiceProvider();

        var end = await Process(services, SubjectSeal.Seal(task, StubSystem.Connection.SealingKeys[0]), answers);

        Assert.That(end, Is.EqualTo(TaskEnd.Receipt));
        Assert.That(seen!.Values("email").Single().Reveal(), Is.EqualTo("ada.lind@example.org"));
        var receipt = answers.Receipts.Single();
        Assert.That(receipt.Outcome, Is.EqualTo(ReceiptOutcome.PartlyRetained));
        Assert.That(receipt.Items.Single(item => item.Category == "orders"), Is.EqualTo(new ReceiptItem
        {
            Category = "orders",
            Found = 3,
            Retained = 3,
            Reason = "accounting",
            Until = new(2033, 12, 31),
            Handle = "h-1",
        }));
        Assert.That(ReceiptCheck.Check(task, receipt), Is.Empty);
    }

    [Test]
    public async Task ProcessAsync_SameTaskAgain_SameReceiptWithoutTheWork()
    {
        var runs = 0;
        var answers = new RecordedAnswers();
        var task = StubSystem.Task();
        await using var services = StubSystem.Services((context, cancel) =>
        {
            runs++;
            return Task.FromResult(new ReceiptDraft().Erased("contact", 2).Gives("customer-number", "C-1001"));
        }).BuildServiceProvider();

        await Process(services, task, answers);
        await Process(services, task with { Attempt = 2 }, answers);

        Assert.That(runs, Is.EqualTo(1));
        Assert.That(answers.Receipts, Has.Count.EqualTo(2));
        Assert.That(answers.Receipts[1].Items, Is.EqualTo(answers.Receipts[0].Items));
        Assert.That(answers.Receipts[1].Identifiers!.Single().Value.Reveal(), Is.EqualTo("C-1001"));
    }

    [Test]
    public async Task ProcessAsync_SameTaskTwentyTimesAtOnce_RunsOnce()
    {
        var runs = 0;
        var release = new TaskCompletionSource();
        await using var services = StubSystem.Services(async (context, cancel) =>
        {
            Interlocked.Increment(ref runs);
            await release.Task;
            return new ReceiptDraft().Erased("contact", 1);
        }).BuildServiceProvider();
        var task = StubSystem.Task();
        var processor = services.GetRequiredService<TaskProcessor>();

        var first = processor.ProcessAsync(task, new RecordedAnswers(), CancellationToken.None);
        var others = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => processor.ProcessAsync(task, new RecordedAnswers(), CancellationToken.None)));
        release.SetResult();

        Assert.That(others, Is.All.EqualTo(TaskEnd.AlreadyAtWork));
        Assert.That(await first, Is.EqualTo(TaskEnd.Receipt));
        Assert.That(runs, Is.EqualTo(1));
    }

    [Test]
    public async Task ProcessAsync_LongWork_IsAccepted()
    {
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services(async (_, _) =>
        {
            await answers.Accepted;
            return new ReceiptDraft();
        }).BuildServiceProvider();

        await Process(services, StubSystem.Task(), answers);

        Assert.That(answers.Acceptances, Is.EqualTo(1));
        Assert.That(answers.Receipts.Single().Outcome, Is.EqualTo(ReceiptOutcome.NothingFound));
    }

    /// <summary>Half a minute of true time, beside the other tests.</summary>
    [Test]
    public async Task ProcessAsync_WorkOfHalfAMinute_IsSaidToBeAtWorkOnceAccepted()
    {
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services(async (_, _) =>
        {
            await answers.Beaten;
            return new ReceiptDraft();
        }).BuildServiceProvider();

        await Process(services, StubSystem.Task(), answers);

        Assert.That((answers.Acceptances, answers.Heartbeats, answers.Receipts.Count), Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task ProcessAsync_AcceptanceDoesNotGetThrough_TheReceiptIsSentAllTheSame()
    {
        var answers = new RecordedAnswers { Accepts = false };
        await using var services = StubSystem.Services(async (_, _) =>
        {
            await answers.Accepted;
            return new ReceiptDraft();
        }).BuildServiceProvider();

        await Process(services, StubSystem.Task(), answers);

        Assert.That(answers.Receipts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ProcessAsync_OneAfterAnother_EachThatTakesItsTimeIsAccepted()
    {
        var first = new RecordedAnswers();
        var second = new RecordedAnswers();
        var waitedFor = first;
        await using var services = StubSystem.Services(async (_, _) =>
        {
            await waitedFor.Accepted;
            return new ReceiptDraft();
        }).BuildServiceProvider();

        await Process(services, StubSystem.Task(), first);
        waitedFor = second;
        await Process(services, StubSystem.Task(), second);

        Assert.That((first.Acceptances, second.Acceptances), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task ProcessAsync_HandlerThrows_FailureTellsNothingOfTheMessageAndTheNextAttemptWorks()
    {
        var fail = true;
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services((context, cancel) => fail
            ? throw new InvalidOperationException("Key (email)=(ada.lind@example.org) already exists")
            : Erases(context, cancel)).BuildServiceProvider();
        var task = StubSystem.Task();

        var end = await Process(services, task, answers);
        fail = false;
        await Process(services, task, answers);

        Assert.That(end, Is.EqualTo(TaskEnd.Failure));
        Assert.That(answers.Failures.Single(), Is.EqualTo(
            new TaskFailure(task.TaskId, "handler.failed", "InvalidOperationException", null)));
        Assert.That(answers.Receipts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ProcessAsync_HandlerAsksForLater_FailureCarriesCodeAndTime()
    {
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services((_, _) =>
            throw new TaskFailedException("store.unavailable", "maintenance", TimeSpan.FromMinutes(2))).BuildServiceProvider();

        await Process(services, StubSystem.Task(), answers);

        Assert.That(answers.Failures.Single(), Has.Property("Code").EqualTo("store.unavailable")
            .And.Property("RetryAfterSeconds").EqualTo(120));
    }

    [Test]
    public async Task ProcessAsync_ReceiptContradictsItself_IsNeitherStoredNorSent()
    {
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services((_, _) =>
            Task.FromResult(new ReceiptDraft().Retained("contact", 1))).BuildServiceProvider();
        var task = StubSystem.Task();

        await Process(services, task, answers);

        Assert.That(answers.Receipts, Is.Empty);
        Assert.That(answers.Failures.Single().Code, Is.EqualTo("receipt.reason_missing"));
        Assert.That(await services.GetRequiredService<IReceiptStore>().FindAsync(task.TaskId, default), Is.Null);
    }

    [Test]
    public async Task ProcessAsync_Preview_IsNotStoredAsTheReceiptOfTheTask()
    {
        var runs = 0;
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services((context, cancel) =>
        {
            runs++;
            return Erases(context, cancel);
        }).BuildServiceProvider();
        var task = StubSystem.Task();

        await Process(services, task with { Preview = true }, answers);
        await Process(services, task, answers);

        Assert.That(runs, Is.EqualTo(2));
        Assert.That(answers.Receipts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task ProcessAsync_OnlyUnverifiedIdentifier_FindsNobodyExceptForAnObjection()
    {
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services((context, _) =>
            Task.FromResult(new ReceiptDraft().Stopped("contact", context.Values("email").Count()))).BuildServiceProvider();
        IReadOnlyList<SubjectIdentifier> unverified = [new("email", "ada.lind@example.org", false)];

        await Process(services, StubSystem.Task() with { Identifiers = unverified }, answers);
        await Process(services, StubSystem.Task(TaskAction.StopProcessing) with { Identifiers = unverified }, answers);

        Assert.That(answers.Failures.Single().Code, Is.EqualTo("task.identifier_missing"));
        Assert.That(answers.Receipts.Single().Items.Single().Stopped, Is.EqualTo(1));
    }

    // Where an objection stopped is asked about afterwards by the same address.
    [Test]
    public async Task ProcessAsync_VerifyByTheUnverifiedAddressOfAnObjection_IsAnswered()
    {
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services((context, _) =>
            Task.FromResult(new ReceiptDraft().Found("contact", context.Values("email").Count()))).BuildServiceProvider();

        await Process(services, StubSystem.Task(TaskAction.Verify) with { Identifiers = [new("email", "ada.lind@example.org", false)] }, answers);

        Assert.That(answers.Receipts.Single().Items.Single().Found, Is.EqualTo(1));
    }

    [Test]
    public async Task ProcessAsync_Verify_KnowsWhatItVerifies()
    {
        TaskAction? verified = null;
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services((context, cancel) =>
        {
            verified = context.VerifiedAction;
            return context.Action is TaskAction.Verify ? Task.FromResult(new ReceiptDraft()) : Erases(context, cancel);
        }).BuildServiceProvider();
        var task = StubSystem.Task();

        await Process(services, task, answers);
        await Process(services, StubSystem.Task(TaskAction.Verify) with { Verifies = task.TaskId }, answers);

        Assert.That(verified, Is.EqualTo(TaskAction.Erase));
    }

    [Test]
    public async Task ProcessAsync_BrokenSeal_Fails()
    {
        var answers = new RecordedAnswers();
        await using var services = StubSystem.Services(Erases).BuildServiceProvider();

        await Process(services, SubjectSeal.Seal(StubSystem.Task(), SubjectSeal.NewKey()), answers);

        Assert.That(answers.Failures.Single().Code, Is.EqualTo("task.seal_broken"));
    }

    private static Task<TaskEnd> Process(ServiceProvider services, SystemTask task, ITaskAnswers answers) =>
        services.GetRequiredService<TaskProcessor>().ProcessAsync(task, answers, CancellationToken.None);
}
