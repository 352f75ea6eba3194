using System.Text.Json.Nodes;
using DsrService.Demo.Toontrack;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Stores;

public sealed class HandOverDataTests : StoreFixture
{
    [TestCaseSource(nameof(AllStores))]
    public async Task Access_AwkwardPeople_HandsOverExactlyWhatIsHeld(string place)
    {
        var store = StoreAt(place);
        var files = store.Categories.Where(category => category.Files is not null).Select(category => category.Name).ToHashSet();
        foreach (var person in PeopleOf(store).Where(person => person.Number is > 70 and <= 110))
        {
            Dictionary<string, List<JsonObject>> handed = [];
            var receipt = await Work(Task(store, TaskAction.Access, person), handed);
            var held = (await Held(store, person)).Counts;
            Assert.That(receipt.Items.Where(item => item.Handed > 0).ToDictionary(item => item.Category, item => item.Handed), Is.EquivalentTo(held), person.Note);
            Assert.That(handed.Keys, Is.EquivalentTo(held.Keys.Except(files)), person.Note);
        }
    }

    [Test]
    public async Task Export_Webshop_LeavesOutWhatThePersonDidNotProvide()
    {
        Dictionary<string, List<JsonObject>> handed = [];
        await Work(Task(Store(ToontrackSystems.Webshop), TaskAction.Export, Person(17)), handed);

        Assert.That(handed.Keys, Does.Contain("order-history").And.Not.Contain("invoices"));
    }

    [TestCase(TaskAction.Access)]
    [TestCase(TaskAction.Export)]
    public async Task HandOver_Webshop_AlsoGivesWhatOtherSystemsNeed(TaskAction action)
    {
        var receipt = await Work(Task(Store(ToontrackSystems.Webshop), action, Person(19)));

        Assert.That(receipt.Identifiers!.Select(found => found.Kind), Is.EquivalentTo(new[] { "customer-number", "cookie-id" }));
    }

    [Test]
    public async Task Access_AwkwardName_ArrivesAsItIs()
    {
        Dictionary<string, List<JsonObject>> handed = [];
        var person = Person("Name is markup");
        await Work(Task(Store(ToontrackSystems.Webshop), TaskAction.Access, person), handed);

        Assert.That((string?)handed["customer-account"].Single()["name"], Is.EqualTo(person.Name));
    }
}
