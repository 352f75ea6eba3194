using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Toontrack;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Stores;

/// <summary>A newsletter asks what holds before it takes an old list in again.</summary>
internal sealed class ImportListTests : StoreFixture
{
    private static readonly SubjectCheck Free = new(false, [], false);

    [Test]
    public async Task Handle_NothingHolds_TakesTheRowsIn()
    {
        var asked = new List<string>();
        var person = Plain(0);
        var before = await CountAsync(person);
        var outcome = await ImportAsync(person, address =>
        {
            asked.Add(address);
            return Free;
        });
        Assert.That((outcome.Taken, outcome.Left), Is.EqualTo((1, Array.Empty<string>())));
        Assert.That(asked, Is.EqualTo(new[] { person.Email }));
        Assert.That(await CountAsync(person), Is.EqualTo(before + 1));
    }

    [TestCase(true, null, false, "restricted")]
    [TestCase(false, "direct-marketing", false, "direct-marketing")]
    [TestCase(false, null, true, "erased")]
    public async Task Handle_SomethingHolds_LeavesThePersonOut(bool restricted, string? objection, bool erased, string left)
    {
        var person = Plain(1);
        var before = await CountAsync(person);
        var outcome = await ImportAsync(person, _ => new(restricted, objection is null ? [] : [objection], erased));
        Assert.That((outcome.Taken, outcome.Left), Is.EqualTo((0, new[] { left })));
        Assert.That(await CountAsync(person), Is.EqualTo(before));
    }

    private static SyntheticPerson Plain(int skip) => People.Where(person => person.Has(ToontrackSystems.Newsletter) && person.OtherEmails.Count == 0).Skip(40 + skip).First();

    private Task<ImportList.Outcome> ImportAsync(SyntheticPerson person, Func<string, SubjectCheck> ask) =>
        ImportList.Handle(Store(ToontrackSystems.Newsletter), person, new Cast(People, Clock.GetUtcNow(), 0), (address, _) => System.Threading.Tasks.Task.FromResult(ask(address)), CancellationToken.None);

    private async Task<int> CountAsync(SyntheticPerson person)
    {
        var store = Store(ToontrackSystems.Newsletter);
        await using var connection = await store.Database.OpenConnectionAsync();
        return await Sql.Count(connection, $"select count(*) from {store.Schema}.subscription where email = @email", CancellationToken.None, ("email", person.Email));
    }
}
