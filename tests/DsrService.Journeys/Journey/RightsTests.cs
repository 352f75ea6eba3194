using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace DsrService.Journeys.Journey;

/// <summary>One journey a right, from the request to the letter, over a real broker, service and systems in separate
/// processes. The stores say before and after whether the letter tells the truth.</summary>
public sealed class RightsTests
{
    private Installation installation = null!;
    private Client client = null!;
    private IReadOnlyList<JsonNode> people = [];

    [OneTimeSetUp]
    public async Task StartInstallation()
    {
        installation = await Installation.StartAsync();
        client = installation.Client();
        people = await client.PeopleAsync();
    }

    [OneTimeTearDown]
    public async Task StopInstallation()
    {
        client?.Dispose();
        if (installation is not null)
            await installation.DisposeAsync();
    }

    [TearDown]
    public void ShowWhatTheProcessesSaid() => installation.ShowIfFailed();

    [Test]
    public async Task Erasure_CustomerWithInvoices_LeavesWhatTheLetterSaysAndNothingElse()
    {
        var before = await client.HeldAsync(Email(0));
        var status = await CarryOutAsync(0, Request(0, "erasure"));
        var after = await client.HeldAsync(Email(0));

        var retained = Items(status, "retained");
        Assert.Multiple(() =>
        {
            Assert.That((string)status["status"]!, Is.EqualTo("partly-fulfilled"));
            Assert.That(retained, Is.SupersetOf(new[] { "invoices", "order-history" }));
            Assert.That(status["answer"]!["items"]!.AsArray().Where(item => (string)item!["outcome"]! == "retained"),
                Has.All.Matches<JsonNode>(item => (string?)item["reason"] is { Length: > 0 }));
            Assert.That(before.Values.Sum(Rows), Is.GreaterThan(after.Values.Sum(Rows)));
            Assert.That(after.Values.SelectMany(store => store["counts"]!.AsObject().Select(count => count.Key)), Is.SubsetOf(retained));
            Assert.That(after["webshop"].ToJsonString(), Does.Not.Contain(Email(0)));
        });
        await SealedAtTheBrokerAsync(status, [Email(0), .. people[0]["identifiers"]!.AsArray().Select(identifier => (string)identifier!["value"]!)]);
    }

    [Test]
    public async Task Access_Customer_PackageHoldsWhatTheStoresHoldAndNobodyElse()
    {
        var held = await client.HeldAsync(Email(1));
        var reference = await client.SubmitAsync(Request(1, "access"));
        var token = await client.ConfirmAsync(reference, Email(1));
        await client.WorkAsync(reference);
        var status = await client.StatusAsync(reference, token);

        var package = await client.DownloadAsync($"/api/v1/requests/{reference}/package", token);
        using var zip = new ZipArchive(new MemoryStream(package));
        var text = new StringBuilder();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            text.Append(await reader.ReadToEndAsync());
        }

        var all = text.ToString();
        Assert.Multiple(() =>
        {
            Assert.That((string)status["status"]!, Is.EqualTo("fulfilled"));
            Assert.That(zip.Entries.Select(entry => entry.Name), Does.Contain("index.html"));
            Assert.That(all, Does.Contain(Email(1)));
            foreach (var serial in held["product-registration"]["rows"]!.AsArray().Select(row => (string?)row!["serialNumber"]).OfType<string>())
                Assert.That(all, Does.Contain(serial));
            foreach (var other in people.Where(other => (string)other["email"]! != Email(1)))
                Assert.That(all, Does.Not.Contain((string)other["email"]!));
        });
        Assert.That(Text(await client.HeldAsync(Email(1))), Is.EqualTo(Text(held)), "An access changes nothing.");
    }

    [Test]
    public async Task Portability_Customer_PackageLeavesOutWhatWasNotProvided()
    {
        var reference = await client.SubmitAsync(Request(2, "portability"));
        var token = await client.ConfirmAsync(reference, Email(2));
        await client.WorkAsync(reference);

        using var zip = new ZipArchive(new MemoryStream(await client.DownloadAsync($"/api/v1/requests/{reference}/package", token)));
        var names = zip.Entries.Select(entry => entry.FullName).ToList();
        Assert.That(names, Has.Some.EndsWith(".csv").And.Some.EndsWith(".json"));
        Assert.That(names, Has.None.Contains("invoices"));
    }

    [Test]
    public async Task Rectification_PostalAddress_StandsInTheStoreAfterwards()
    {
        var request = Request(3, "rectification");
        request["corrections"] = new JsonArray(new JsonObject { ["field"] = "postal-address", ["requested"] = "Nygatan 12, 903 27 Umea" });
        var status = await CarryOutAsync(3, request);

        var shop = (await client.HeldAsync(Email(3)))["webshop"];
        Assert.That(Items(status, "rectified"), Does.Contain("postal-address"));
        Assert.That(shop["rows"]!.AsArray().Single(row => (string)row!["category"]! == "postal-address")!["address"]!.GetValue<string>(),
            Is.EqualTo("Nygatan 12, 903 27 Umea"));
        await SealedAtTheBrokerAsync(status, Email(3), (string)people[3]["name"]!, "Nygatan 12, 903 27 Umea");
    }

    [Test]
    public async Task Restriction_AccuracyContested_EverythingStaysAndIsMarked()
    {
        var before = await client.HeldAsync(Email(4));
        var request = Request(4, "restriction");
        request["restriction"] = new JsonObject { ["ground"] = "accuracy-contested" };
        await CarryOutAsync(4, request);

        var after = await client.HeldAsync(Email(4));
        Assert.That(after.Values.Sum(Rows), Is.EqualTo(before.Values.Sum(Rows)));
        Assert.That(after["webshop"]["rows"]!.AsArray().Select(row => (bool)row!["restricted"]!), Has.Some.True);
    }

    [Test]
    public async Task Objection_DirectMarketing_StopsAtOnceWithoutAnyConfirmation()
    {
        var request = Request(5, "objection");
        request["objection"] = new JsonObject { ["purpose"] = "direct-marketing" };
        var reference = await client.SubmitAsync(request);

        await DsrService.Testing.Eventually.TrueAsync(async () => (await client.HeldAsync(Email(5)))["newsletter"]["rows"]!.AsArray()
            .All(row => (bool)row!["stopped"]!), $"the newsletter to stop for {reference}", Client.Patience);
        Assert.That(Rows((await client.HeldAsync(Email(5)))["newsletter"]), Is.EqualTo(1));
    }

    [Test]
    public async Task Erasure_OnePerson_LeavesAnotherAsWas()
    {
        var others = Enumerable.Range(20, 5).ToList();
        List<string> before = [];
        foreach (var other in others)
            before.Add(Text(await client.HeldAsync(Email(other))));

        await CarryOutAsync(6, Request(6, "erasure"));

        foreach (var (other, then) in others.Zip(before))
            Assert.That(Text(await client.HeldAsync(Email(other))), Is.EqualTo(then));
    }

    private async Task<JsonNode> CarryOutAsync(int person, JsonObject request)
    {
        var reference = await client.SubmitAsync(request);
        var token = await client.ConfirmAsync(reference, Email(person));
        await client.WorkAsync(reference);
        return await client.StatusAsync(reference, token);
    }

    /// <summary>What the broker wrote to its disk names the request, else the search would prove nothing, and nobody.</summary>
    private async Task SealedAtTheBrokerAsync(JsonNode status, params string[] personal)
    {
        Assert.That(await installation.Broker.HasOnDiskAsync((string)status["reference"]!), Is.True);
        foreach (var value in personal)
            foreach (var form in new[] { value, Convert.ToBase64String(Encoding.UTF8.GetBytes(value)).TrimEnd('=') })
                Assert.That(await installation.Broker.HasOnDiskAsync(form), Is.False, form);
    }

    private string Email(int person) => (string)people[person]["email"]!;

    private JsonObject Request(int person, string right) => Requests.Of(people[person], right);

    private static int Rows(JsonNode store) => store["rows"]!.AsArray().Count;

    private static string Text(IReadOnlyDictionary<string, JsonNode> held) =>
        string.Join('\n', held.Select(store => $"{store.Key}: {store.Value.ToJsonString()}"));

    private static string[] Items(JsonNode status, string outcome) =>
    [
        .. status["answer"]!["items"]!.AsArray().Where(item => (string)item!["outcome"]! == outcome).Select(item => Key((string)item!["category"]!)).Distinct(),
    ];

    // The person reads a label; the stores count by key.
    private static string Key(string label) => label.ToLowerInvariant().Replace(' ', '-');
}
