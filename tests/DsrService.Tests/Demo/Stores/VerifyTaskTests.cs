using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Toontrack;
using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Stores;

public sealed class VerifyTaskTests : StoreFixture
{
    private static readonly TaskAction[] Changes = [TaskAction.Erase, TaskAction.Rectify, TaskAction.Restrict, TaskAction.StopProcessing];

    private static readonly string[] Automated = [.. AllStores];

    [Test]
    public async Task Verify_AfterTheWorkWasDone_FindsNoMoreThanIsRetained(
        [ValueSource(nameof(Automated))] string place, [ValueSource(nameof(Changes))] TaskAction action)
    {
        var store = StoreAt(place);
        var task = Change(store, action, Of(store, 10 + Array.IndexOf(Changes, action)));
        await Work(task);

        Assert.That(Remaining(await Work(Verification(task))), Is.Zero);
    }

    [Test]
    public async Task Verify_AfterALie_FindsWhatIsStillThere(
        [ValueSource(nameof(Automated))] string place, [ValueSource(nameof(Changes))] TaskAction action)
    {
        var store = StoreAt(place);
        var task = Change(store, action, Of(store, 20 + Array.IndexOf(Changes, action)));
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
        var task = Change(store, TaskAction.Erase, Person(30));
        await Work(task);
        await Scalar($"""
            insert into {store.Schema}.subscription (ref, email, name, topics, subscribed_on)
            values ('{DsrService.Demo.People.Cast.Ref(store.Key, 30)}', '{Person(30).Email}', 'x', 'x', '2020-01-01') returning 1
            """);

        Assert.That(Remaining(await Work(Verification(task) with { Identifiers = [] })), Is.EqualTo(1));
    }

    // Those of whom stores worked by hand hold something come late.
    private static SyntheticPerson Of(DemoStore store, int number) =>
        store.Binding is Binding.Manual ? PeopleOf(store).Where(person => person.IsOfTheCrowd && person.Has(store.Key)).ElementAt(number) : PeopleOf(store)[number - 1];

    private static SystemTask Change(DemoStore store, TaskAction action, SyntheticPerson person) => Task(store, action, person) with
    {
        Corrections = action is not TaskAction.Rectify ? null :
        [
            new("email", person.Email, $"new.{person.Email}", ""), new("name", "", "Nora Nyman", "I married."),
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
