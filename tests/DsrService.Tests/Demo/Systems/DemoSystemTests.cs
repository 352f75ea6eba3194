using System.Collections.Concurrent;
using DsrService.Demo;
using DsrService.Demo.Output;
using DsrService.Demo.Systems;
using DsrService.Demo.Toontrack;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Demo.Systems;

/// <summary>The systems as the SDK runs them, without a transport.</summary>
public sealed class DemoSystemTests : StoreFixture
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"demo-{Guid.CreateVersion7():N}.json");
    private ServiceProvider services = null!;
    private int next = 30;

    [OneTimeSetUp]
    public async Task StartSystems()
    {
        await DemoTables.Lay(Database, CancellationToken.None);
        await new DemoFile
        {
            BaseAddress = new("http://127.0.0.1:1"),
            StaffTokens = new Dictionary<string, string>(),
            SignIns = [],
            SystemCredentials = ToontrackSystems.All.ToDictionary(key => $"{ToontrackSystems.Controller}/{key}",
                _ => new DemoCredentials("token", "whsec_c2VjcmV0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
        }.Write(file, CancellationToken.None);
        services = Process();
    }

    [OneTimeTearDown]
    public async Task StopSystems()
    {
        await services.DisposeAsync();
        File.Delete(file);
    }

    [Test]
    public async Task Work_SameTaskAgain_SameReceiptAndOneEffect()
    {
        var task = Erasure(out _);
        var first = await Deliver(services, task);
        var second = await Deliver(services, task with { Attempt = 2 });

        Assert.That(second.Receipts.Single(), Is.EqualTo(first.Receipts.Single()).Using<Receipt>(Same));
        Assert.That(first.Receipts.Single().Items.Sum(item => item.Erased), Is.EqualTo(1));
    }

    [Test]
    public async Task Work_SameTaskInTwoProcessesAtOnce_SameReceiptAndOneEffect()
    {
        await using var other = Process();
        var task = Erasure(out _);
        var answers = await System.Threading.Tasks.Task.WhenAll(Deliver(services, task), Deliver(other, task), Deliver(other, task));

        var receipts = answers.SelectMany(answer => answer.Receipts).ToList();
        Assert.That(receipts, Has.Count.GreaterThanOrEqualTo(2));
        Assert.That(receipts.Select(receipt => receipt.Items.Sum(item => item.Erased)), Is.All.EqualTo(1));
    }

    [Test]
    public async Task Work_Preview_ChangesNothingAndIsNotRemembered()
    {
        var task = Erasure(out var person);
        var preview = await Deliver(services, task with { Preview = true });
        Assert.That(preview.Receipts.Single().Items.Sum(item => item.Erased), Is.EqualTo(1));
        Assert.That((await Held(Store(task.System), person)).Rows, Is.Not.Empty);

        await Deliver(services, task with { TaskId = Guid.CreateVersion7() });
        Assert.That((await Held(Store(task.System), person)).Rows, Is.Empty);
    }

    [Test]
    public async Task Work_Down_FailsEachAttemptUntilItIsUp()
    {
        var task = Erasure(out var person);
        await using (await Told(Behaviour.Down))
        {
            Assert.That((await Deliver(services, task)).Failures.Single().Code, Is.EqualTo("store.unavailable"));
            Assert.That((await Held(Store(task.System), person)).Rows, Is.Not.Empty);
        }

        Assert.That((await Deliver(services, task)).Receipts.Single().Outcome, Is.EqualTo(ReceiptOutcome.Completed));
    }

    [Test]
    public async Task Work_Silent_IsNeverHeardOf()
    {
        var task = Erasure(out _);
        await using var told = await Told(Behaviour.Silent);
        var answers = await Deliver(services, task);

        Assert.That((answers.Receipts.Count, answers.Failures.Count, answers.Accepted), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task Work_Refuses_SaysWhyAndChangesNothing()
    {
        var task = Erasure(out var person);
        await using var told = await Told(Behaviour.Refuses);
        var receipt = (await Deliver(services, task)).Receipts.Single();

        Assert.That((receipt.Outcome, receipt.Messages.Count), Is.EqualTo((ReceiptOutcome.Refused, 1)));
        Assert.That((await Held(Store(task.System), person)).Rows, Is.Not.Empty);
    }

    [Test]
    public async Task Work_Lies_ClaimsWhatItDidNotDoAndVerificationFindsIt()
    {
        var task = Erasure(out var person);
        await using var told = await Told(Behaviour.Lies);
        var claim = (await Deliver(services, task)).Receipts.Single();
        var verification = (await Deliver(services, task with { TaskId = Guid.CreateVersion7(), Action = TaskAction.Verify, Verifies = task.TaskId })).Receipts.Single();

        Assert.Multiple(() =>
        {
            Assert.That(claim.Items.Sum(item => item.Erased), Is.EqualTo(1));
            Assert.That(Held(Store(task.System), person).Result.Rows, Has.Count.EqualTo(1));
            Assert.That(verification.Items.Sum(item => item.Found - item.Retained), Is.EqualTo(1));
        });
    }

    private SystemTask Erasure(out DsrService.Demo.People.SyntheticPerson person)
    {
        person = Person(Interlocked.Increment(ref next));
        return Task(Store(ToontrackSystems.Newsletter), TaskAction.Erase, person);
    }

    private ServiceProvider Process()
    {
        var collection = new ServiceCollection().AddLogging();
        collection.AddSingleton<TimeProvider>(Clock);
        collection.AddOptions<DemoOptions>().Configure(options => options.Output = file);
        return collection.AddDemoStores(new(), Database.ConnectionString).AddDemoSystems(new()).BuildServiceProvider();
    }

    private static async Task<Answers> Deliver(ServiceProvider process, SystemTask task)
    {
        var answers = new Answers();
        await process.GetRequiredService<TaskProcessor>().ProcessAsync(task, answers, CancellationToken.None);
        return answers;
    }

    private async Task<IAsyncDisposable> Told(Behaviour behaviour)
    {
        var store = Store(ToontrackSystems.Newsletter);
        await new Behaviours(Database).Tell(store, behaviour, CancellationToken.None);
        return new Afterwards(() => new Behaviours(Database).Tell(store, Behaviour.Normal, CancellationToken.None));
    }

    private static bool Same(Receipt one, Receipt other) =>
        one.Items.SequenceEqual(other.Items) && one.HandledAt == other.HandledAt && one.Outcome == other.Outcome;

    private sealed class Afterwards(Func<Task> then) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await then();
    }

    private sealed class Answers : ITaskAnswers
    {
        private int accepted;

        public ConcurrentQueue<Receipt> Receipts { get; } = [];

        public ConcurrentQueue<TaskFailure> Failures { get; } = [];

        public int Accepted => accepted;

        public Task AcceptAsync(SystemTask task, CancellationToken cancel)
        {
            Interlocked.Increment(ref accepted);
            return System.Threading.Tasks.Task.CompletedTask;
        }

        public Task HeartbeatAsync(SystemTask task, CancellationToken cancel) => System.Threading.Tasks.Task.CompletedTask;

        public Task SendReceiptAsync(SystemTask task, Receipt receipt, CancellationToken cancel)
        {
            Receipts.Enqueue(receipt);
            return System.Threading.Tasks.Task.CompletedTask;
        }

        public Task SendFailureAsync(SystemTask task, TaskFailure failure, CancellationToken cancel)
        {
            Failures.Enqueue(failure);
            return System.Threading.Tasks.Task.CompletedTask;
        }
    }
}
