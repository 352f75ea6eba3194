using DsrService.DataMap;
using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Companies;

/// <summary>What each company's data map says of its systems, its stores do; and the people are as promised.</summary>
public sealed class DemoCompaniesTests : StoreFixture
{
    private static IEnumerable<string> Keys => DemoCompanies.All.Select(company => company.Key);

    [Test]
    public void All_Companies_AreThoseWithADataMap() =>
        Assert.That(Keys, Is.EquivalentTo(Directory.GetFiles(Maps, "*.yaml").Select(Path.GetFileNameWithoutExtension)));

    [TestCaseSource(nameof(AllStores))]
    public void Store_OfEachSystem_IsAsTheDataMapSays(string place)
    {
        var store = StoreAt(place);
        var map = Map(store.Controller);
        var system = map.System(store.Key);
        Assert.Multiple(() =>
        {
            Assert.That(store.Binding, Is.EqualTo(system.Binding));
            Assert.That(store.Needs, Is.EquivalentTo(system.Needs));
            Assert.That(store.Gives, Is.EquivalentTo(system.Gives));
            Assert.That(store.Categories.Select(category => category.Name), Is.EquivalentTo(map.CategoriesAt(store.Key).Select(category => category.Key)));
            foreach (var field in system.Fields)
                Assert.That(store.Categories.Single(category => category.Name == field.Category).Rectifiable, Does.ContainKey(field.Field));
        });
    }

    [TestCaseSource(nameof(Keys))]
    public void Stores_OfEachCompany_AreAllItsSystems(string key) =>
        Assert.That(Stores.Where(store => store.Controller == key).Select(store => store.Key), Is.EquivalentTo(Map(key).Systems.Select(system => system.Key)));

    // Where rows outlive an erasure the map has to know a reason, and where they are made anonymous it says so.
    [TestCaseSource(nameof(AllStores))]
    public void Erasure_OfEachCategory_IsWhatTheDataMapPromises(string place)
    {
        var store = StoreAt(place);
        foreach (var category in store.Categories)
        {
            var activities = Map(store.Controller).ActivitiesAt(store.Key).Where(activity => activity.Categories.Contains(category.Name)).ToList();
            Assert.That(category.Retention is not null, Is.EqualTo(activities.Any(activity => !activity.EndsOnErasure)), category.Name);
            if (store is { Controller: not "toontrack" })
                Assert.That(category.Anonymised is not null, Is.EqualTo(activities.Any(activity => activity.ErasureMethod == ErasureMethod.Anonymise)), category.Name);
        }
    }

    [TestCaseSource(nameof(Keys))]
    public void People_OfEachCompany_PlainOnesFirstAndTheAwkwardOnesAmongThem(string key)
    {
        var people = DemoCompanies.Find(key)!.People;
        var manual = Map(key).Systems.Where(system => system.Binding == Binding.Manual).Select(system => system.Key).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(people, Has.Count.GreaterThanOrEqualTo(200));
            Assert.That(people.Take(60), Has.All.Matches<SyntheticPerson>(person => person.HeldBy.Count > 0 && !person.HeldBy.Overlaps(manual)));
            Assert.That(people.Select(person => person.Number), Is.Unique);
            Assert.That(people.GroupBy(person => person.Email).Count(group => group.Count() > 1), Is.EqualTo(1), "Two share a mailbox.");
            Assert.That(people.Select(person => person.Email), Has.All.Match(@"@(example\.org|[a-z]+\.example)$"));
            Assert.That(people.Take(70).Concat(people.Where(person => person.IsOfTheCrowd)).Select(person => person.Name), Is.Unique);
            Assert.That(people.GroupBy(person => person.Name).Where(group => group.Count() == 2), Is.Not.Empty, "Two of one name.");
            Assert.That(people.Count(person => person.BirthDate.Year > 2010), Is.EqualTo(1), "A minor.");
            Assert.That(people.Count(person => person.HeldBy.Count == 0), Is.EqualTo(1), "One unknown everywhere.");
            Assert.That(people.Count(person => person.HasMany), Is.EqualTo(1), "One with a hundred thousand rows.");
            Assert.That(people.SelectMany(person => person.Ids.Select(id => (id, person.Account))).Distinct().GroupBy(pair => pair.id).Where(group => group.Count() > 1), Is.Empty,
                "Nobody else is known by the same.");
        });
    }

    [TestCaseSource(nameof(AllStores))]
    public async Task People_HeldBy_AgreesWithTheStores(string place)
    {
        var store = StoreAt(place);
        foreach (var person in PeopleOf(store).Where(person => !person.HasMany))
            Assert.That((await Held(store, person)).Rows.Count > 0, Is.EqualTo(person.Has(store.Key)), $"{person.Number}: {person.Note}");
    }

    [TestCaseSource(nameof(Keys))]
    public async Task Locate_PersonWithManyRows_FindsAsManyInOneStoreOfEachCompany(string key)
    {
        var person = DemoCompanies.Find(key)!.People.Single(person => person.HasMany);
        var most = 0;
        foreach (var store in Stores.Where(store => store.Controller == key && store.Categories.Any(category => category.ManyRows is not null)))
            most = Math.Max(most, (await Work(store, TaskAction.Locate, person)).Items.Max(item => item.Found));
        Assert.That(most, Is.GreaterThanOrEqualTo(3000));
    }

    private static string Maps => Path.Combine(AppContext.BaseDirectory, "datamaps");

    private static ControllerDataMap Map(string key) => DataMapReader.Read(File.ReadAllText(Path.Combine(Maps, $"{key}.yaml")), key).Map
        ?? throw new InvalidOperationException($"{key}.yaml has errors.");
}
