using DsrService.Connectors.Sql;
using DsrService.DataMap;
using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Systems;
using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Tests.Connectors.Sql;
using Npgsql;

namespace DsrService.Tests.Demo.Stores;

/// <summary>The mappings as they are delivered, over the stores they are for. What each store would have done by itself is the
/// measure: the same is found, the same goes, the same stays.</summary>
public sealed class MappedStoresTests : StoreFixture
{
    private static IEnumerable<string> Mapped => DemoCompanies.Stores(new(), null!, TimeProvider.System)
        .Where(store => store.Binding is Binding.Sql).Select(store => $"{store.Controller}/{store.Key}");

    [Test]
    public void Mappings_AllOfThem_AreOfASystemThatTheDataMapsReachByOne() =>
        Assert.That(Directory.EnumerateFiles(Path.Combine(Folder, "sql")).Select(Path.GetFileName),
            Is.EquivalentTo(Mapped.Select(place => $"{place.Replace('/', '.')}.yaml")));

    [TestCaseSource(nameof(Mapped))]
    public async Task Mapping_OfEachStore_FitsWithoutProblemOrWarning(string place)
    {
        var (_, fit) = await Fitted(StoreAt(place));

        Assert.That(fit.Problems, Is.Empty);
        Assert.That(fit.Warnings, Is.Empty);
    }

    [TestCaseSource(nameof(Mapped))]
    public async Task Work_PlainPeople_FindsWhatTheStoreItselfWould(string place)
    {
        var store = StoreAt(place);
        var (system, _) = await Fitted(store);
        foreach (var person in PeopleIn(store).Take(4))
            foreach (var action in (TaskAction[])[TaskAction.Locate, TaskAction.Access, TaskAction.Erase])
            {
                var task = Task(store, action, person) with { Preview = true };
                var own = await Work(task);
                var mapped = await WorkMapped(system, task);

                Assert.That(ShopDatabase.Said(mapped), Is.EqualTo(ShopDatabase.Said(own)), $"{action} of {person.Number}");
                Assert.That(Given(mapped), Is.EquivalentTo(Given(own)));
                Assert.That(mapped.Items.Select(item => (item.Category, item.Reason, item.Until, item.LegalBasis)).Order(),
                    Is.EqualTo(own.Items.Select(item => (item.Category, item.Reason, item.Until, item.LegalBasis)).Order()));
            }
    }

    [TestCaseSource(nameof(Mapped))]
    public async Task Erase_OnePerson_LeavesWhatIsKeptAndEverybodyElse(string place)
    {
        var store = StoreAt(place);
        var (system, _) = await Fitted(store);
        var (person, other) = (PeopleIn(store).ElementAt(5), PeopleIn(store).ElementAt(6));
        var before = await Held(store, other);
        var erasure = Task(store, TaskAction.Erase, person);
        var receipt = await WorkMapped(system, erasure);
        var left = await Held(store, person);
        var proof = await WorkMapped(system, Task(store, TaskAction.Verify, person) with { Verifies = erasure.TaskId });

        Assert.Multiple(async () =>
        {
            Assert.That(receipt.Items.Sum(item => item.Found), Is.GreaterThan(0));
            Assert.That(left.Rows, Has.Count.EqualTo(receipt.Items.Sum(item => item.Retained)));
            Assert.That(left.Rows.Select(row => row["archived"]!.GetValue<bool>()), Is.All.True);
            Assert.That(proof.Items.Sum(item => item.Found - item.Retained), Is.Zero);
            Assert.That((await Held(store, other)).Counts, Is.EqualTo(before.Counts));
        });
    }

    [TestCase("emastered/behaviour")]
    [TestCase("toontrack/service-log")]
    [TestCase("source-elements/passive-log")]
    public async Task Access_PersonWithManyRows_AreAllHandedOver(string place)
    {
        var store = StoreAt(place);
        var (system, _) = await Fitted(store);
        var person = PeopleOf(store).First(one => one.HasMany);
        var held = await Held(store, person);
        var receipt = await WorkMapped(system, Task(store, TaskAction.Access, person));

        Assert.That(held.Counts.Values.Max(), Is.GreaterThanOrEqualTo(3000));
        Assert.That(receipt.Items.Where(item => item.Handed > 0).ToDictionary(item => item.Category, item => item.Handed), Is.EquivalentTo(held.Counts));
    }

    [Test]
    public async Task Behaviour_Down_TurnsAwayWhoeverBegins([Values(TaskAction.Access, TaskAction.Erase)] TaskAction action)
    {
        var store = StoreAt("djmixersoft/usage");
        Assert.That(await Code(store, Behaviour.Down, Task(store, action, PeopleIn(store).ElementAt(7))), Is.EqualTo("sql.unreachable"));
    }

    [Test]
    public async Task Behaviour_Refuses_IsNotPermitted()
    {
        var store = StoreAt("djmixersoft/diagnostics");
        Assert.That(await Code(store, Behaviour.Refuses, Task(store, TaskAction.Erase, PeopleIn(store).ElementAt(7))), Is.EqualTo("sql.not_permitted"));
    }

    [Test]
    public async Task Behaviour_Lies_IsFoundOutAndNothingIsClaimed()
    {
        var store = StoreAt("soundspectrum/surveys");
        var person = PeopleIn(store).ElementAt(7);
        var before = await Held(store, person);

        Assert.That(await Code(store, Behaviour.Lies, Task(store, TaskAction.Erase, person)), Is.EqualTo("sql.change_discarded"));
        Assert.That((await Held(store, person)).Counts, Is.EqualTo(before.Counts));
    }

    private async Task<string> Code(DemoStore store, Behaviour behaviour, SystemTask task)
    {
        var (system, _) = await Fitted(store);
        var behaviours = new Behaviours(Database);
        await behaviours.Tell(store, behaviour, CancellationToken.None);
        try
        {
            await WorkMapped(system, task);
            return "";
        }
        catch (TaskFailedException failed)
        {
            return failed.Code;
        }
        catch (PostgresException error)
        {
            return SqlErrors.Code(error);
        }
        finally
        {
            await behaviours.Tell(store, Behaviour.Normal, CancellationToken.None);
        }
    }

    private async Task<(SqlSystem System, SchemaFit Fit)> Fitted(DemoStore store)
    {
        var map = DataMapReader.Read(await File.ReadAllTextAsync(Path.Combine(Folder, $"{store.Controller}.yaml")), store.Controller).Map!;
        var file = SqlSystems.FileOf(Folder, store.Controller, store.Key);
        var reading = SqlMappingReader.Read(await File.ReadAllTextAsync(file), Path.GetFileName(file), key => key == store.Controller ? map : null);
        Assert.That(reading.Errors, Is.Empty);
        await using var connection = await Database.OpenConnectionAsync();
        var fit = await SchemaChecks.CheckAsync(connection, reading.Mapping!, Path.GetFileName(file), CancellationToken.None);
        return (new SqlSystem(reading.Mapping!, fit.Live, Database, map.Controller.TimeZone), fit);
    }

    private Task<Receipt> WorkMapped(SqlSystem system, SystemTask task) => WorkSqlTask.HandleAsync(system, task, async (_, _, write, cancel) =>
    {
        var counter = new RecordCounter(RecordCounter.Ndjson);
        using var stream = new MemoryStream();
        await write(stream, cancel);
        counter.Add(stream.ToArray());
        return counter.Records;
    }, Clock, CancellationToken.None);

    private static IEnumerable<SyntheticPerson> PeopleIn(DemoStore store) => PeopleOf(store).Where(person => person.Has(store.Key) && person.Account == person.Number && !person.HasMany);

    private static IEnumerable<(string, string)> Given(Receipt receipt) =>
        (receipt.Identifiers ?? []).Select(identifier => (identifier.Kind, identifier.Value.Reveal())).Distinct();

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "datamaps");
}
