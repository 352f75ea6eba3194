using System.Text;
using System.Text.Json.Nodes;
using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Systems;
using DsrService.Demo.Toontrack;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Npgsql;

namespace DsrService.Tests.Demo;

/// <summary>All stores in a database of the fixture's own, which its tests share: each test takes people no other test takes.
/// Where no company is named, toontrack is meant.</summary>
public abstract class StoreFixture
{
    private protected static readonly DemoCompany Toontrack = DemoCompanies.Find(ToontrackSystems.Controller)!;

    private protected static IReadOnlyList<SyntheticPerson> People => Toontrack.People;

    /// <summary>Every store of every company, as <c>controller/system</c>.</summary>
    private protected static IEnumerable<string> AllStores =>
        DemoCompanies.Stores(new(), null!, TimeProvider.System).Select(store => $"{store.Controller}/{store.Key}");

    private protected FakeClock Clock { get; } = new(new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));

    private protected NpgsqlDataSource Database { get; private set; } = null!;

    private protected IReadOnlyList<DemoStore> Stores { get; private set; } = [];

    [OneTimeSetUp]
    public async Task LayStores()
    {
        var server = await PostgresServer.SharedAsync();
        var template = await server.TemplateAsync("demo_stores", async connection =>
        {
            await using var database = DemoDatabase.Create(connection);
            await DemoTables.Lay(database, CancellationToken.None);
            var stores = DemoCompanies.Stores(new(), database, Clock);
            await DemoCompanies.Lay(stores, Clock.GetUtcNow(), 3000, CancellationToken.None);
            await DemoCompanies.FillUp(stores, Clock.GetUtcNow(), 3000, CancellationToken.None);
        });
        Database = DemoDatabase.Create(await server.CreateDatabaseAsync(template));
        Stores = DemoCompanies.Stores(new(), Database, Clock);
    }

    [OneTimeTearDown]
    public async Task CloseStores()
    {
        await Database.DisposeAsync();
        await (await PostgresServer.SharedAsync()).DropDatabaseAsync(Database.ConnectionString);
    }

    private protected DemoStore Store(string key, string controller = ToontrackSystems.Controller) =>
        Stores.Single(store => store.Controller == controller && store.Key == key);

    private protected DemoStore StoreAt(string place) => Stores.Single(store => $"{store.Controller}/{store.Key}" == place);

    private protected static IReadOnlyList<SyntheticPerson> PeopleOf(DemoStore store) => DemoCompanies.Find(store.Controller)!.People;

    private protected static SyntheticPerson Person(int number) => People.Single(person => person.Number == number);

    private protected static SyntheticPerson Person(string noteBegins) =>
        People.First(person => person.Note.StartsWith(noteBegins, StringComparison.Ordinal));

    private protected static SystemTask Task(DemoStore store, TaskAction action, SyntheticPerson person) => new()
    {
        TaskId = Guid.CreateVersion7(),
        Reference = "DSR-2026-7K3QX9PM",
        Controller = store.Controller,
        System = store.Key,
        Action = action,
        Identifiers = [.. person.Identifiers().Select(identifier => new SubjectIdentifier(identifier.Kind, identifier.Value, true))],
        Scope = [.. store.Categories.Select(category => new ScopeItem { Category = category.Name, Decision = ScopeDecision.Act })],
        IssuedAt = DateTimeOffset.UnixEpoch,
        DueAt = DateTimeOffset.UnixEpoch,
        Attempt = 1,
    };

    /// <summary>Works a task to its end and holds its receipt against the rules that the service holds it against.</summary>
    private protected async Task<Receipt> Work(SystemTask task, Dictionary<string, List<JsonObject>>? handed = null, DemoStore? at = null)
    {
        var store = at ?? Store(task.System, task.Controller);
        await using var work = await TaskWork.Begin(store, task, CancellationToken.None);
        Dictionary<string, int> uploaded = [];
        var draft = await WorkTask.Handle(work, async (_, category, type, write, cancel) =>
        {
            if (!RecordCounter.IsNdjson(type))
            {
                await write(Stream.Null, cancel);
                uploaded[category] = uploaded.GetValueOrDefault(category) + 1;
                return 1;
            }
            var rows = await Lines(write, cancel);
            handed?.Add(category, rows);
            return uploaded[category] = rows.Count;
        }, CancellationToken.None);
        if (!task.Preview)
            await work.Commit(CancellationToken.None);
        var receipt = draft.Complete(task, Clock.GetUtcNow(), "test 1");
        Assert.That(ReceiptCheck.Check(task, receipt, uploaded), Is.Empty);
        return receipt;
    }

    private protected Task<Receipt> Work(DemoStore store, TaskAction action, SyntheticPerson person) => Work(Task(store, action, person));

    /// <summary>What the store holds on a person, as <c>/demo/stores</c> tells it.</summary>
    private protected static Task<StoreContent> Held(DemoStore store, SyntheticPerson person) =>
        ReadStore.Handle(store, person.Identifiers(), CancellationToken.None);

    private protected async Task<long> Scalar(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), null);
    }

    private static async Task<List<JsonObject>> Lines(Func<Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        using var stream = new MemoryStream();
        await write(stream, cancel);
        return [.. Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
