using DsrService.Demo.Toontrack;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Toontrack;

public sealed class WebshopStoreTests : StoreFixture
{
    [Test]
    public async Task Erase_CustomerWithOldAndYoungOrders_KeepsOnlyWhatBookkeepingNeedsAndErasesTheRest()
    {
        var shop = Store(ToontrackSystems.Webshop);
        // Bought eight years ago and within the last seven.
        var person = Person(2);
        var before = await Held(shop, person);
        var old = before.Rows.Count(row => (string)row["category"]! == "order-history" && Year(row["orderedOn"]!) < 2019);
        Assert.That(old, Is.InRange(1, before.Counts["order-history"] - 1));

        var receipt = await Work(shop, TaskAction.Erase, person);

        var after = await Held(shop, person);
        Assert.Multiple(() =>
        {
            Assert.That(receipt.Outcome, Is.EqualTo(ReceiptOutcome.PartlyRetained));
            Assert.That(after.Counts.Keys, Is.EquivalentTo(new[] { "order-history", "invoices" }));
            Assert.That(after.Counts["order-history"], Is.EqualTo(before.Counts["order-history"] - old));
            var orders = receipt.Items.Single(item => item.Category == "order-history");
            Assert.That((orders.Erased, orders.Retained), Is.EqualTo((old, after.Counts["order-history"])));
            Assert.That(orders.Handle, Does.StartWith("order-history."));
            Assert.That(orders.Until, Is.EqualTo(new DateOnly(after.Rows.Max(row => Year(row["orderedOn"] ?? row["invoicedOn"]!)) + 7, 12, 31)));
            Assert.That(after.Rows.Select(row => row.ToJsonString()), Has.None.Contains(person.Email).And.None.Contains(person.Phone));
            Assert.That(after.Rows.Where(row => (string)row["category"]! == "order-history"), Has.All.Matches<System.Text.Json.Nodes.JsonObject>(
                row => row["deliveryName"] is null && row["deliveryAddress"] is null && (bool)row["archived"]!));
        });
    }

    [Test]
    public async Task Erase_ByHandleAfterTheLastDay_LeavesNothing()
    {
        var shop = Store(ToontrackSystems.Webshop);
        var person = Person(3);
        var first = await Work(shop, TaskAction.Erase, person);
        var byHandle = Task(shop, TaskAction.Erase, person) with
        {
            Identifiers = [],
            Scope = [.. first.Items.Where(item => item.Retained > 0)
                .Select(item => new ScopeItem { Category = item.Category, Decision = ScopeDecision.Act, Handle = item.Handle })],
        };

        var early = await Work(byHandle);
        var retained = early.Items.Sum(item => item.Retained);
        Clock.MoveTo(new(first.Items.Max(item => item.Until)!.Value.AddDays(1), new(12, 0), TimeSpan.Zero));
        var late = await Work(byHandle with { TaskId = Guid.CreateVersion7() });
        Clock.MoveTo(new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));

        Assert.Multiple(() =>
        {
            Assert.That(retained, Is.EqualTo(first.Items.Sum(item => item.Retained)).And.GreaterThan(0));
            Assert.That(late.Items.Sum(item => item.Erased), Is.EqualTo(retained));
            Assert.That(Held(shop, person).Result.Counts, Is.Empty);
        });
    }

    [Test]
    public async Task Erase_OrdersToldToKeepForBookkeeping_ThosePastItGoAllTheSame()
    {
        var shop = Store(ToontrackSystems.Webshop);
        var person = Person("All purchases are older");
        var task = Task(shop, TaskAction.Erase, person);
        var receipt = await Work(task with
        {
            Scope = [.. task.Scope.Select(item => item.Category is "order-history" or "invoices"
                ? item with { Decision = ScopeDecision.Keep, Reason = "17-3-b", Until = new(2033, 12, 31) } : item)],
        });

        Assert.That((await Held(shop, person)).Rows, Is.Empty);
        Assert.That(receipt.Items.Sum(item => item.Retained), Is.Zero);
        Assert.That(receipt.Messages, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Erase_OrdersToldToKeepForClaims_CutsNothingDown()
    {
        var shop = Store(ToontrackSystems.Webshop);
        var person = Person(4);
        var task = Task(shop, TaskAction.Erase, person);
        var receipt = await Work(task with
        {
            Scope = [.. task.Scope.Select(item => item.Category is "order-history" or "customer-account"
                ? item with { Decision = ScopeDecision.Keep, Reason = "17-3-e", Until = new(2027, 6, 30) } : item)],
        });

        var after = await Held(shop, person);
        Assert.Multiple(() =>
        {
            Assert.That(receipt.Items.Single(item => item.Category == "customer-account").Retained, Is.EqualTo(1));
            Assert.That(after.Rows.Where(row => (string)row["category"]! == "order-history").Select(row => (string?)row["deliveryName"]), Has.All.EqualTo(person.Name));
            Assert.That(after.Counts, Does.Not.ContainKey("ip-address"));
        });
    }

    [Test]
    public async Task Rectify_OneOfSeveralAddresses_ChangesThatOneOnly()
    {
        var shop = Store(ToontrackSystems.Webshop);
        var person = Person("Several e-mail");

        var receipt = await Work(Task(shop, TaskAction.Rectify, person) with
        {
            Corrections = [new("postal-address", "gamla vagen 3, 903 26 Umea ", "Nya vagen 9, 903 26 Umea", "")],
        });

        var after = await Held(shop, person);
        var addresses = after.Rows.Where(row => (string)row["category"]! == "postal-address").Select(row => (string?)row["address"]);
        Assert.That(addresses, Is.EquivalentTo(new[] { person.PostalAddress, "Nya vagen 9, 903 26 Umea", "Sommarstugan 7, 870 30 Nordingra" }));
        Assert.That(receipt.Items.Single(item => item.Category == "postal-address").Rectified, Is.EqualTo(1));
    }

    [Test]
    public async Task Rectify_AddressWithoutThePresentOne_ChangesTheBillingAddressAndKeepsTheStatement()
    {
        var shop = Store(ToontrackSystems.Webshop);
        var task = Task(shop, TaskAction.Rectify, Person(18)) with
        {
            Corrections = [new("postal-address", "", "Nya vagen 9, 903 26 Umea", "Since May.")],
        };
        await Work(task);
        await Work(task with { TaskId = Guid.CreateVersion7() });

        var address = (await Held(shop, Person(18))).Rows.Single(row => (string)row["category"]! == "postal-address");
        Assert.That(((string?)address["address"], (string?)address["statement"]), Is.EqualTo(("Nya vagen 9, 903 26 Umea", "Since May.")));
    }

    [Test]
    public async Task Locate_ByEmail_GivesWhatOtherSystemsNeed()
    {
        var person = Person(5);
        var shop = Store(ToontrackSystems.Webshop);
        var receipt = await Work(Task(shop, TaskAction.Locate, person) with { Identifiers = [new("email", person.Email.ToUpperInvariant(), true)] });

        Assert.That(receipt.Identifiers!.Select(found => (found.Kind, found.Value.Reveal())), Is.EquivalentTo(new[] { ("customer-number", person.Id("customer-number")!), ("cookie-id", person.Id("cookie-id")!) }));
    }

    private static int Year(System.Text.Json.Nodes.JsonNode day) => int.Parse(((string)day!)[..4], null);
}
