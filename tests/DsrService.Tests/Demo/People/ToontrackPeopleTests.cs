using DsrService.Demo.People;
using DsrService.Demo.Toontrack;

namespace DsrService.Tests.Demo.People;

public sealed class ToontrackPeopleTests : StoreFixture
{
    [Test]
    public void All_PlainOnesFirst_AreInNoManualStoreAndEachInOne()
    {
        Assert.That(ToontrackPeople.All, Has.Count.GreaterThanOrEqualTo(200));
        Assert.That(ToontrackPeople.All.Take(60), Has.All.Matches<SyntheticPerson>(person =>
            person.HeldBy.Count > 0 && !person.Has(ToontrackSystems.FulfilmentVendor) && !person.Has(ToontrackSystems.AddressUpdates)));
    }

    [Test]
    public void All_Numbers_AreUnique() => Assert.That(ToontrackPeople.All.Select(person => person.Number), Is.Unique);

    [Test]
    public void All_Emails_AreOfDomainsThatBelongToNobody() => Assert.That(
        ToontrackPeople.All.SelectMany(person => person.OtherEmails.Prepend(person.Email)), Has.All.Match("@example\\.(org|com|net)$"));

    [Test]
    public async Task All_HeldBy_AgreesWithTheStores()
    {
        foreach (var person in ToontrackPeople.All)
            foreach (var store in Stores)
                Assert.That((await Held(store, person)).Rows.Count > 0, Is.EqualTo(person.Has(store.Key)), $"{person.Number} at {store.Key}");
    }
}
