using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Toontrack;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Stores;

public sealed class EraseSubjectTests : StoreFixture
{
    [TestCaseSource(nameof(AllStores))]
    public async Task Erase_OnePersonOfEachStore_NobodyElseLosesOrChangesAnything(string place)
    {
        var store = StoreAt(place);
        var person = PeopleOf(store).Single(person => person.Note.StartsWith("In every system, the manual ones too", StringComparison.Ordinal));
        List<string> before = [];
        SyntheticPerson[] plain = [.. PeopleOf(store).Where(other => other.Note.StartsWith("In every system that", StringComparison.Ordinal)).Take(12)];
        foreach (var other in plain) before.Add(Text(await Held(store, other)));
        Assert.That((await Held(store, person)).Rows, Is.Not.Empty);

        var preview = await Work(Task(store, TaskAction.Erase, person) with { Preview = true });
        Assert.That((await Held(store, person)).Rows, Is.Not.Empty);
        var receipt = await Work(store, TaskAction.Erase, person);
        var again = await Work(store, TaskAction.Erase, person);

        var after = await Held(store, person);
        Assert.Multiple(() =>
        {
            Assert.That(preview.Items, Is.EqualTo(receipt.Items));
            Assert.That(again.Items.Sum(item => item.Erased + item.Anonymised), Is.Zero);
            Assert.That(after.Rows, Has.Count.EqualTo(receipt.Items.Sum(item => item.Retained)));
            Assert.That(plain.Select(other => Text(Held(store, other).Result)), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task Erase_ServiceLog_IsKeptThirtyDaysThenGoesByItself()
    {
        var store = Store(ToontrackSystems.ServiceLog);
        var person = Person(15);
        var receipt = await Work(store, TaskAction.Erase, person);
        var kept = receipt.Items.Single();
        Assert.That((kept.Retained, kept.Erased), Is.EqualTo(((await Held(store, person)).Rows.Count, 0)));
        Assert.That(kept.Until, Is.InRange(new DateOnly(2026, 11, 23), new DateOnly(2026, 12, 22)));

        Clock.MoveTo(new(kept.Until!.Value.AddDays(1), new(12, 0), TimeSpan.Zero));
        await ExpireRows.Handle(store, CancellationToken.None);
        Clock.MoveTo(new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));

        Assert.That((await Held(store, person)).Rows, Is.Empty);
    }

    [Test]
    public async Task Erase_UnverifiedIdentifierOfSomebodyElse_FindsNobody()
    {
        var store = Store(ToontrackSystems.Webshop);
        var receipt = await Work(Task(store, TaskAction.Erase, Person(16)) with { Identifiers = [new("customer-number", Person(16).Id("customer-number")!, false)] });

        Assert.That(receipt.Outcome, Is.EqualTo(ReceiptOutcome.NothingFound));
        Assert.That((await Held(store, Person(16))).Counts, Contains.Key("customer-account"));
    }

    [Test]
    public async Task Erase_PersonWithThousandsOfRows_AllGo()
    {
        var store = Store(ToontrackSystems.SupportForum);
        var receipt = await Work(store, TaskAction.Erase, Person(Population.ManyRowsNote));

        Assert.That(receipt.Items.Single(item => item.Category == "forum-posts").Anonymised, Is.GreaterThan(150));
    }

    private static string Text(StoreContent content) => string.Join('\n', content.Rows.Select(row => row.ToJsonString()));
}
