using DsrService.Demo.Stores;
using DsrService.Demo.Toontrack;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Stores;

public sealed class VerifyTaskTests : StoreFixture
{
    private static readonly TaskAction[] Changes = [TaskAction.Erase, TaskAction.Rectify, TaskAction.Restrict, TaskAction.StopProcessing];

    private static readonly string[] Automated = [.. ToontrackSystems.All[..7]];

    [Test]
    public async Task Verify_AfterTheWorkWasDone_FindsNoMoreThanIsRetained(
        [ValueSource(nameof(Automated))] string system, [ValueSource(nameof(Changes))] TaskAction action)
    {
        var store = Store(system);
        var task = Change(store, action, person: 10 + Array.IndexOf(Changes, action));
        await Work(task);

        Assert.That(Remaining(await Work(Verification(task))), Is.Zero);
    }

    [Test]
    public async Task Verify_AfterALie_FindsWhatIsStillThere(
        [ValueSource(nameof(Automated))] string system, [ValueSource(nameof(Changes))] TaskAction action)
    {
        var store = Store(system);
        var task = Change(store, action, person: 20 + Array.IndexOf(Changes, action));
        Receipt claim;
        await using (var work = await TaskWork.Begin(store, task, CancellationToken.None))
        {
            claim = (await WorkTask.Lie(work, (_, _, _, _, _) => throw new InvalidOperationException(), CancellationToken.None))
                .Complete(task, Clock.GetUtcNow(), "test 1");
            await work.Commit(CancellationToken.None);
        }

        if (action is TaskAction.Rectify && claim.Outcome is ReceiptOutcome.NothingFound)
            Assert.Pass("Nothing of it can be rectified here.");
        Assert.That(claim.Outcome, Is.AnyOf(ReceiptOutcome.Completed, ReceiptOutcome.PartlyRetained));
        Assert.That(Remaining(await Work(Verification(task))), Is.GreaterThan(0));
    }

    [Test]
    public async Task Verify_RowsCameBackFromABackup_FindsThem()
    {
        var store = Store(ToontrackSystems.Newsletter);
        var task = Change(store, TaskAction.Erase, person: 30);
        await Work(task);
        await Scalar($"""
            insert into {store.Schema}.subscription (ref, email, name, topics, subscribed_on)
            values ('{DsrService.Demo.People.Cast.Ref(store.Key, 30)}', '{Person(30).Email}', 'x', 'x', '2020-01-01') returning 1
            """);

        Assert.That(Remaining(await Work(Verification(task) with { Identifiers = [] })), Is.EqualTo(1));
    }

    private static SystemTask Change(DemoStore store, TaskAction action, int person) => Task(store, action, Person(person)) with
    {
        Corrections = action is not TaskAction.Rectify ? null :
        [
            new("email", Person(person).Email, $"new.{Person(person).Email}", ""), new("name", "", "Nora Nyman", "I married."),
            new("postal-address", "", "Nygatan 1, 111 29 Stockholm", ""),
        ],
    };

    private static SystemTask Verification(SystemTask verified) => verified with
    {
        TaskId = Guid.CreateVersion7(),
        Action = TaskAction.Verify,
        Verifies = verified.TaskId,
        Corrections = null,
    };

    private static int Remaining(Receipt receipt) => receipt.Items.Sum(item => item.Found - item.Retained);
}
