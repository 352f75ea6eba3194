using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using DsrService.DataMap;
using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Journeys.Journey;
using DsrService.Journeys.Pages;
using DsrService.Notices.Templates;
using DsrService.Sdk.Contracts;
using DsrService.Testing;

namespace DsrService.Journeys.Companies;

/// <summary>For each company one erasure, one access and one objection, from the request to the letter, through the bindings
/// its data map names, in one process and side by side. What the stores hold afterwards decides.</summary>
internal sealed class CompaniesTests
{
    private static readonly string[] keys = [.. DemoCompanies.All.Select(company => company.Key)];

    private DemoProcess demo = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => demo = await DemoProcess.StartAsync(
        ("Demo__SlowFor", "00:00:01"), ("Demo__PullEvery", "00:00:01"), ("Dsr__RateLimits__IntakePerMinute", "10000"), ("Dsr__RateLimits__TokensPerMinute", "10000"));

    [OneTimeTearDown]
    public Task StopAsync() => demo.DisposeAsync().AsTask();

    [Test]
    public Task Erasure_PersonInEverySystem_StoresHoldWhatTheLetterSaysIsKept() => OfEachAsync(async (client, company) =>
    {
        var person = company.People.Single(person => person.Note.StartsWith("In every system, the manual ones too", StringComparison.Ordinal));
        var status = await CarryOutAsync(client, person, "erasure");

        var held = (await client.HeldAsync(person.Email)).Where(store => !Expected.TookNoNotice.Contains(store.Key) && !Expected.TakesItsTime.Contains(store.Key))
            .SelectMany(store => store.Value["counts"]!.AsObject().Select(count => count.Key)).ToList();
        var retained = Items(status, "retained");
        var labels = retained.Select(item => (string)item["category"]!).ToList();
        Assert.That((string)status["status"]!, Is.EqualTo(Expected.KeptAfterErasure[company.Key].Length == 0 ? "fulfilled" : "partly-fulfilled"), company.Key);
        Assert.That(held, Is.SubsetOf(Expected.KeptAfterErasure[company.Key]), company.Key);
        Assert.That(labels, Has.Count.EqualTo(held.Count), company.Key);
        Assert.That(retained, Has.All.Matches<JsonNode>(item => (string?)item["reason"] is { Length: > 0 } && (string?)item["until"] is { Length: > 0 }), company.Key);
        Assert.That(string.Join('\n', (await client.HeldAsync(person.Email)).Where(store => held.Count > 0 && !Expected.TookNoNotice.Contains(store.Key))
            .SelectMany(store => store.Value["rows"]!.AsArray()).Where(row => (string)row!["category"]! is "payments" or "purchases").Select(row => row!.ToJsonString())),
            Does.Not.Contain(person.Email).And.Not.Contain(person.Name), company.Key);
        await Eventually.TrueAsync(async () => (await client.HeldAsync(person.Email)).Where(store => Expected.TakesItsTime.Contains(store.Key))
            .All(store => store.Value["counts"]!.AsObject().Count == 0), $"{company.Key}: the late ones hold nothing");
    });

    [Test]
    public async Task Erasure_PartnersOfSoundspectrum_AreToldByNameAndHoldNothingOpen()
    {
        var company = DemoCompanies.Find("soundspectrum")!;
        using var client = Client(company);
        var person = company.People[30];

        var status = await CarryOutAsync(client, person, "erasure");

        var told = status["answer"]!["recipients"]!.AsArray().Select(recipient => (string)recipient!["name"]!).ToList();
        Assert.That(told, Is.SupersetOf(new[] { "Vista Displays GmbH (invented)", "Merlin Media BV (invented)", "Aurora Lights SARL (invented)" }));
    }

    [Test]
    public Task Access_PlainPerson_PackageNamesRecipientsAndHoldsNobodyElse() => OfEachAsync(async (client, company) =>
    {
        var person = company.People[31];
        var reference = await client.SubmitAsync(Journey.Requests.Of(Json(person), "access"));
        var token = await client.ConfirmAsync(reference, person.Email);
        await client.WorkAsync(reference);

        using var zip = new ZipArchive(new MemoryStream(await client.DownloadAsync($"/api/v1/requests/{reference}/package", token)));
        var text = string.Concat(zip.Entries.Where(entry => Path.GetExtension(entry.Name) is ".json" or ".html" or ".csv").Select(Read));
        var categories = (await client.HeldAsync(person.Email)).Values.SelectMany(store => store["counts"]!.AsObject().Select(count => count.Key)).ToList();
        Assert.That(categories, Is.Not.Empty);
        foreach (var category in categories.Where(category => category is not "shared-contacts" and not "tracking-profiles"))
            Assert.That(zip.Entries.Select(entry => entry.FullName), Has.Some.Contains(category), company.Key);
        Assert.That(text, Does.Contain(person.Email));
        foreach (var recipient in recipients[company.Key])
            Assert.That(text, Does.Contain(recipient), company.Key);
        AssertInformation(company.Key, categories, WebUtility.HtmlDecode(Read(zip.GetEntry("index.html")!)));
        foreach (var other in company.People.Where(other => other.Number != person.Number && other.Note != Population.ManyRowsNote))
            Assert.That(text, Does.Not.Contain(other.Email), company.Key);
    });

    // Art. 15(1)(a) to (h) for each purpose that processes what was found, and the rights and the authority.
    private static void AssertInformation(string company, List<string> categories, string page)
    {
        var map = DataMapReader.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "datamaps", $"{company}.yaml")), company).Map!;
        var words = LetterSet.BuiltIn.In("en").Words(underUkLaw: false);
        var purposes = map.Activities.Where(activity => activity.Categories.Intersect(categories).Any() && map.System(activity.System).Can(TaskAction.Access)).ToList();
        Assert.That(purposes, Is.Not.Empty, company);
        foreach (var activity in purposes)
            foreach (var said in new[] { activity.Purpose.English, words.LegalBasis(activity), words.Storage(activity.Retention), words.Source(activity) }
                .Concat(activity.Recipients.Select(key => map.Recipient(key).Name)))
                Assert.That(page, Does.Contain(said), $"{company}: {activity.Key}");
        foreach (var said in new[] { map.Controller.Authority.Name, "rectify", "erase", "restrict", "object", "portable", "complaint" })
            Assert.That(page, Does.Contain(said), company);
    }

    [Test]
    public async Task Portability_RecordingsOfEmastered_OriginalsAndNothingDerived()
    {
        var company = DemoCompanies.Find("emastered")!;
        using var client = Client(company);
        var person = company.People[40];
        var reference = await client.SubmitAsync(Journey.Requests.Of(Json(person), "portability"));
        var token = await client.ConfirmAsync(reference, person.Email);
        await client.WorkAsync(reference);

        using var zip = new ZipArchive(new MemoryStream(await client.DownloadAsync($"/api/v1/requests/{reference}/package", token)));
        var sound = zip.Entries.Where(entry => entry.FullName.EndsWith(".wav", StringComparison.Ordinal)).ToList();
        Assert.That(sound, Is.Not.Empty);
        Assert.That(sound, Has.All.Matches<ZipArchiveEntry>(entry => entry.Length >= 1024 * 1024));
        Assert.That(zip.Entries.Select(entry => entry.FullName), Has.None.Contains("audio-analysis"));
    }

    [Test]
    public Task Objection_ToMarketing_StopsItAtOnceAndLeavesTheRest() => OfEachAsync(async (client, company) =>
    {
        var person = company.People[32];
        var request = Journey.Requests.Of(Json(person), "objection");
        request["objection"] = new JsonObject { ["purpose"] = "direct-marketing" };
        await client.SubmitAsync(request);

        await Testing.Eventually.TrueAsync(async () =>
        {
            var held = await client.HeldAsync(person.Email);
            return marketing[company.Key].All(system => held[system]["rows"]!.AsArray() is { Count: > 0 } rows && rows.All(row => (bool)row!["stopped"]!));
        }, $"the marketing of {company.Key} to stop", TimeSpan.FromMinutes(1));
        var rest = (await client.HeldAsync(person.Email)).Where(store => !marketing[company.Key].Contains(store.Key))
            .SelectMany(store => store.Value["rows"]!.AsArray()).ToList();
        Assert.That(rest, Is.Not.Empty.And.All.Matches<JsonNode>(row => !(bool)row["stopped"]!), company.Key);
    });

    [Test]
    public async Task Access_ContentOfDjmixersoft_TheAdministratorIsToldAtOnce()
    {
        var company = DemoCompanies.Find("djmixersoft")!;
        using var client = Client(company);
        // The administrator of the own account.
        var person = company.People[40];
        var reference = await client.SubmitAsync(Journey.Requests.Of(Json(person), "access"));
        await client.ConfirmAsync(reference, person.Email);
        await client.WorkAsync(reference);

        Assert.That(await client.SubjectsToAsync(person.Email), Does.Contain("Content of your account was read"));
    }

    private static readonly Dictionary<string, string[]> marketing = new()
    {
        ["toontrack"] = ["newsletter", "remarketing-partner"],
        ["source-elements"] = ["mailing-list"],
        ["djmixersoft"] = ["newsletter"],
        ["soundspectrum"] = ["mailing"],
        ["emastered"] = ["newsletter", "tracking-partners"],
    };

    private static readonly Dictionary<string, string[]> recipients = new()
    {
        ["toontrack"] = ["Lagerhuset Norr AB (invented)", "Adkompass AB (invented)"],
        ["source-elements"] = ["Stripe, Inc."],
        ["djmixersoft"] = [],
        ["soundspectrum"] = ["Vista Displays GmbH (invented)", "Merlin Media BV (invented)", "Aurora Lights SARL (invented)"],
        ["emastered"] = ["Pixelspur GmbH (invented)"],
    };

    private Task OfEachAsync(Func<Client, DemoCompany, Task> journey) => Task.WhenAll(keys.Select(async key =>
    {
        var company = DemoCompanies.Find(key)!;
        using var client = Client(company);
        await journey(client, company);
    }));

    private static async Task<JsonNode> CarryOutAsync(Client client, SyntheticPerson person, string right)
    {
        var reference = await client.SubmitAsync(Journey.Requests.Of(Json(person), right));
        var token = await client.ConfirmAsync(reference, person.Email);
        await client.WorkAsync(reference);
        return await client.StatusAsync(reference, token);
    }

    private Client Client(DemoCompany company) => new(demo.Address, demo.Token("approver"), company.Key) { WorksByHand = true };

    private static JsonObject Json(SyntheticPerson person) => new() { ["name"] = person.Name, ["email"] = person.Email };

    private static List<JsonNode> Items(JsonNode status, string outcome) =>
        [.. status["answer"]!["items"]!.AsArray().Where(item => (string)item!["outcome"]! == outcome).Select(item => item!)];

    private static string Read(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
