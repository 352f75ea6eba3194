using DsrService.Demo.Companies;
using DsrService.Demo.People;

namespace DsrService.Tests.Demo.People;

public sealed class PeopleDirectoryTests
{
    [Test]
    public void AllOf_OneIdentifier_LeadsToTheOthersOfThatPersonOnly()
    {
        var person = DemoCompanies.Find("toontrack")!.People[1];
        Assert.That(PeopleDirectory.AllOf("toontrack", "email", person.Email.ToUpperInvariant()).Skip(1), Is.EquivalentTo(person.Identifiers().Skip(1)));
    }

    [Test]
    public void AllOf_UnknownValue_IsItselfAlone() =>
        Assert.That(PeopleDirectory.AllOf("toontrack", "email", "new@example.org"), Is.EqualTo(new[] { ("email", "new@example.org") }));
}
