using DsrService.Demo.People;
using DsrService.Demo.Toontrack;

namespace DsrService.Tests.Demo.People;

public sealed class ToontrackPeopleTests : StoreFixture
{
    [Test]
    public void All_PlainOnesFirst_AreInNoManualStoreAndEachInOne()
    {
        Assert.That(People, Has.Count.GreaterThanOrEqualTo(200));
        Assert.That(People.Take(60), Has.All.Matches<SyntheticPerson>(person =>
            person.HeldBy.Count > 0 && !person.Has(ToontrackSystems.FulfilmentVendor) && !person.Has(ToontrackSystems.AddressUpdates)));
    }

    [Test]
    public void All_Numbers_AreUnique() => Assert.That(People.Select(person => person.Number), Is.Unique);

    [Test]
    public void All_Emails_AreOfDomainsThatBelongToNobody() => Assert.That(
        People.SelectMany(person => person.OtherEmails.Prepend(person.Email)), Has.All.Match("@example\\.(org|com|net)$"));

    [Test]
    public async Task All_HeldBy_AgreesWithTheStores()
    {
        foreach (var person in People)
            foreach (var store in Stores)
                Assert.That((await Held(store, person)).Rows.Count > 0, Is.EqualTo(person.Has(store.Key)), $"{person.Number} at {store.Key}");
    }
}
