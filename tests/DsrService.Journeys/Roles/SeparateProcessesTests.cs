using System.IO.Compression;
using System.Text.Json.Nodes;
using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Journeys.Roles;

/// <summary>Each right from the form's data to the letter, over RabbitMQ and HTTP, with every role and the systems apart.
/// The stores themselves say what became of the data.</summary>
internal sealed class SeparateProcessesTests
{
    private static readonly DemoCompany toontrack = DemoCompanies.Find("toontrack")!;

    private ServiceProcesses processes = null!;
    private NpgsqlDataSource database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        processes = await ServiceProcesses.StartAsync();
        database = NpgsqlDataSource.Create(processes.Database);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await database.DisposeAsync();
        await processes.DisposeAsync();
    }

    [Test]
    public async Task Erasure_FromSubmissionToLetter_LeavesWhatBookkeepingNeeds()
    {
        var (person, other) = (toontrack.People[0], toontrack.People[20]);
        var untouched = await StoresAsync(other);

        var status = await TakeThroughAsync(person, """{ "right": "erasure", "erasure": { "grounds": ["no-longer-necessary"] } }""");

        var left = await StoresAsync(person);
        Assert.Multiple(() =>
        {
            Assert.That(status["status"]!.GetValue<string>(), Is.EqualTo("partly-fulfilled"));
            Assert.That(left.Keys, Is.SubsetOf(new[] { "webshop/invoices", "webshop/order-history", "service-log/service-log" }));
            Assert.That(left, Does.ContainKey("webshop/invoices"));
            var kept = status["answer"]!["items"]!.AsArray().Single(item => item!["category"]!.GetValue<string>().Contains("nvoice"))!;
            Assert.That(kept["outcome"]!.GetValue<string>(), Is.EqualTo("retained"));
            Assert.That(kept["reason"]!.GetValue<string>(), Is.Not.Empty);
            Assert.That(kept["until"]!.GetValue<string>(), Is.Not.Empty);
        });
        Assert.That(await StoresAsync(other), Is.EqualTo(untouched));
    }

    [TestCase("access", 1)]
    [TestCase("portability", 2)]
    public async Task HandingOver_FromSubmissionToLetter_GivesAPackageAndChangesNothing(string right, int number)
    {
        var person = toontrack.People[number];
        var before = await StoresAsync(person);

        using var journey = await RequestJourney.SubmitAsync(processes, person, new JsonObject { ["right"] = right });
        var status = await FinishAsync(journey);

        await using var package = new ZipArchive(await journey.PackageAsync(status));
        Assert.That(package.Entries.Select(entry => entry.FullName), Has.Some.EndsWith(".json"));
        Assert.That(status["status"]!.GetValue<string>(), Is.EqualTo("fulfilled").Or.EqualTo("partly-fulfilled"));
        Assert.That(await StoresAsync(person), Is.EqualTo(before));
    }

    [Test]
    public async Task Rectification_FromSubmissionToLetter_ChangesTheAddress()
    {
        var person = toontrack.People[3];

        var status = await TakeThroughAsync(person, """
            { "right": "rectification", "corrections": [ { "field": "postal-address", "current": "", "requested": "Nygatan 7, 903 27 Umea", "statement": "" } ] }
            """);

        Assert.That(status["status"]!.GetValue<string>(), Is.EqualTo("fulfilled"));
        var addresses = (await ReadAsync(person))["webshop"].Rows.Where(row => row["category"]!.GetValue<string>() == "postal-address");
        Assert.That(addresses.Select(row => row.ToJsonString()), Has.Some.Contains("Nygatan 7"));
    }

    [Test]
    public async Task Restriction_FromSubmissionToLetter_KeepsEverythingMarked()
    {
        var person = toontrack.People[4];
        var before = await StoresAsync(person);

        var status = await TakeThroughAsync(person, """{ "right": "restriction", "restriction": { "ground": "accuracy-contested" } }""");

        Assert.That(status["answer"]!["items"]!.AsArray().Select(item => item!["outcome"]!.GetValue<string>()), Has.Some.EqualTo("restricted"));
        Assert.That(await StoresAsync(person), Is.EqualTo(before));
    }

    [Test]
    public async Task Objection_ToMarketing_StopsItAndNothingElse()
    {
        var person = toontrack.People[5];

        var status = await TakeThroughAsync(person, """{ "right": "objection", "objection": { "purpose": "direct-marketing", "grounds": "" } }""");

        Assert.That(status["status"]!.GetValue<string>(), Is.EqualTo("fulfilled"));
        Assert.That(status["answer"]!["items"]!.AsArray().Select(item => item!["outcome"]!.GetValue<string>()), Has.Some.EqualTo("stopped"));
        Assert.That(await StoresAsync(person), Does.ContainKey("webshop/invoices"));
    }

    private async Task<JsonNode> TakeThroughAsync(SyntheticPerson person, string wish)
    {
        using var journey = await RequestJourney.SubmitAsync(processes, person, JsonNode.Parse(wish)!.AsObject());
        return await FinishAsync(journey);
    }

    private static async Task<JsonNode> FinishAsync(RequestJourney journey)
    {
        await journey.ConfirmAsync();
        await journey.ApproveAsync();
        await journey.FulfilAsync();
        return await journey.AnswerAsync();
    }

    /// <summary>Rows by system and category.</summary>
    private async Task<Dictionary<string, int>> StoresAsync(SyntheticPerson person) => (await ReadAsync(person))
        .SelectMany(store => store.Value.Counts.Select(count => ($"{store.Key}/{count.Key}", count.Value)))
        .ToDictionary();

    private async Task<Dictionary<string, StoreContent>> ReadAsync(SyntheticPerson person)
    {
        Dictionary<string, StoreContent> contents = [];
        foreach (var store in toontrack.Stores(toontrack.Place(database, TimeProvider.System, new())))
            contents.Add(store.Key, await ReadStore.Handle(store, person.Identifiers(), CancellationToken.None));
        return contents;
    }
}
