using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Response;

internal sealed class BuildPackageTests
{
    private const string Ndjson = "application/x-ndjson";
    private ResponseScene scene = null!;

    [OneTimeSetUp]
    public async Task SetUp() => scene = await ResponseScene.StartAsync();

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task Handle_Access_HoldsEachCategoryAsJsonAndFilesAsTheyWere()
    {
        var request = await AnsweredAsync(Right.Access,
            ("orders-1", "order-history", Ndjson, Seeded.Lines(new { number = 1, item = "Drum kit" }, new { number = 2, item = "Strings" })),
            ("orders-2", "order-history", Ndjson, Seeded.Lines(new { number = 3, item = "=1+1" })),
            ("invoice-1", "invoices", "application/pdf", "%PDF-1.7"));

        using var zip = await PackageAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(zip.Entries.Select(entry => entry.FullName), Is.EqualTo(new[]
                { "index.html", "data/order-history/webshop.json", "files/invoices/webshop/invoice-1.pdf", "manifest.json" }));
            Assert.That(Json(zip, "data/order-history/webshop.json").EnumerateArray().Select(order => order.GetProperty("item").GetString()),
                Is.EqualTo(new[] { "Drum kit", "Strings", "=1+1" }));
            Assert.That(Text(zip, "files/invoices/webshop/invoice-1.pdf"), Is.EqualTo("%PDF-1.7"));
        });
    }

    [Test]
    public async Task Handle_Finished_MovesTheRequestToTheAnswerInTheSameTransaction()
    {
        var request = await AnsweredAsync(Right.Access, ("orders", "order-history", Ndjson, "{}"));

        var built = await request.BuildAsync();
        var again = await request.BuildAsync();

        var row = await request.RequestAsync();
        Assert.Multiple(async () =>
        {
            Assert.That((built, again), Is.EqualTo((true, false)));
            Assert.That((row.Status, row.WaitingFor), Is.EqualTo((RequestStatus.AwaitingDecision, WaitingReasons.Answer)));
            Assert.That((await request.FilesAsync()).Count(file => file.TaskId is null), Is.EqualTo(1));
            Assert.That((await request.AuditAsync()).Count(entry => entry == "package.built"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Handle_TwoAtOnce_LeaveOnePackageAndNoLitter()
    {
        var request = await AnsweredAsync(Right.Access, ("orders", "order-history", Ndjson, "{}"));

        await Task.WhenAll(request.BuildAsync(), request.BuildAsync(), request.BuildAsync());

        var files = await request.FilesAsync();
        var stored = scene.Service.Services.GetRequiredService<FileStore>().All().Select(file => file.Id).ToList();
        Assert.Multiple(async () =>
        {
            Assert.That(files.Count(file => file.TaskId is null), Is.EqualTo(1));
            Assert.That((await request.AuditAsync()).Count(entry => entry == "package.built"), Is.EqualTo(1));
            Assert.That(stored, Has.None.Null);
        });
    }

    [Test]
    public async Task Handle_FileTamperedWith_BuildsNothingAndLogsNoData()
    {
        var request = await AnsweredAsync(Right.Access, ("orders", "order-history", Ndjson, Seeded.Lines(new { secret = "very-personal" })));
        var part = (await request.FilesAsync()).Single();
        var path = scene.Service.Services.GetRequiredService<FileStore>().All().Single(file => file.Id == part.Id).Path;
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^1]);

        await scene.Service.Services.GetRequiredService<BuildPackages>().RunOnceAsync(default);

        Assert.Multiple(async () =>
        {
            Assert.That((await request.RequestAsync()).Status, Is.EqualTo(RequestStatus.InProgress));
            Assert.That(await request.FilesAsync(), Has.Count.EqualTo(1));
            Assert.That(await request.AuditAsync(), Has.Some.EqualTo("package.failed"));
            Assert.That(scene.Service.Log.Lines, Has.Some.Contains($"The package of request {request.Id} could not be built (attempt 1)"));
            Assert.That(scene.Service.Log.Lines, Has.None.Contains("very-personal").And.None.Contains(request.Email));
        });
    }

    [Test]
    public async Task RunOnce_WhatIsWaitedFor_IsBuilt()
    {
        var request = await AnsweredAsync(Right.Portability, ("orders", "order-history", Ndjson, "{\"a\":1}"));

        await scene.Service.Services.GetRequiredService<BuildPackages>().RunOnceAsync(default);

        Assert.That((await request.RequestAsync()).Status, Is.EqualTo(RequestStatus.AwaitingDecision));
    }

    [Test]
    public async Task Handle_SomebodyElsesData_IsNotIn()
    {
        var other = await AnsweredAsync(Right.Access, ("orders", "order-history", Ndjson, Seeded.Lines(new { who = "the other" })));
        var request = await AnsweredAsync(Right.Access, ("orders", "order-history", Ndjson, Seeded.Lines(new { who = "me" })));
        await other.BuildAsync();

        using var zip = await PackageAsync(request);

        Assert.That(zip.Entries.Select(entry => Text(zip, entry.FullName)), Has.None.Contains("the other").And.Some.Contains("me"));
    }

    [Test]
    public async Task Handle_Access_PageTellsWhatArticle15Asks()
    {
        var request = await AnsweredAsync(Right.Access, ("account", "customer-account", Ndjson, Seeded.Lines(new { fullName = "Ada Lind" })));

        using var zip = await PackageAsync(request);

        var page = new HtmlParser().ParseDocument(Text(zip, "index.html")).Body!.TextContent;
        Assert.Multiple(() =>
        {
            Assert.That(page, Does.Contain("Yes: we process personal data about you"));
            Assert.That(page, Does.Contain("To fulfil our purchase agreement with you"));
            Assert.That(page, Does.Contain("A contract with you (Article 6(1)(b) GDPR)"));
            Assert.That(page, Does.Contain("Lagerhuset Norr AB (invented)"));
            Assert.That(page, Does.Contain("3 years after your last purchase"));
            Assert.That(page, Does.Contain("Integritetsskyddsmyndigheten (IMY)"));
            Assert.That(page, Does.Contain("no decision about you that is based on automated processing alone"));
            Assert.That(page, Does.Contain("does not leave the European Economic Area"));
            Assert.That(page, Does.Contain("Customer account").And.Contain("Full name").And.Contain("Ada Lind"));
            Assert.That(page, Does.Contain("We looked for you by: E-mail address, Customer number"));
            Assert.That(page, Does.Contain("looked and found nothing in: ").And.Contain("Newsletter"));
            Assert.That(page, Does.Not.Contain("To send you news"), "what is not processed for this person is not told as if it were");
        });
    }

    [TestCase("sv", "Ja, vi behandlar personuppgifter om dig", "Ett avtal med dig", "lämnar inte Europeiska ekonomiska samarbetsområdet")]
    [TestCase("de", "Ja, wir verarbeiten personenbezogene Daten über Sie", "Artikel 6 Absatz 1 Buchstabe b DSGVO", "in folgendem Gebiet: Europäischer Wirtschaftsraum")]
    [TestCase("fr", "Oui, nous traitons des données à caractère personnel vous concernant", "du RGPD", "ne quittent pas l’Espace économique européen")]
    [TestCase("es", "Sí, tratamos datos personales sobre usted", "del RGPD", "no salen de la zona siguiente: el Espacio Económico Europeo")]
    public async Task Handle_RequestInAnotherLanguage_PageSpeaksIt(string language, params string[] said)
    {
        var request = await AnsweredAsync(Right.Access, ("account", "customer-account", Ndjson, Seeded.Lines(new { fullName = "Ada Lind" })));
        await scene.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().Where(row => row.Id == request.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(one => one.Language, language)));

        using var zip = await PackageAsync(request);

        var page = new HtmlParser().ParseDocument(Text(zip, "index.html"));
        Assert.That(page.DocumentElement.GetAttribute("lang"), Is.EqualTo(language));
        foreach (var text in said)
            Assert.That(page.Body!.TextContent, Does.Contain(text));
        Assert.That(page.Body!.TextContent, Does.Not.Contain("{").And.Not.Contain("Your rights"));
    }

    [Test]
    public async Task Handle_OtherPeoplesDataBlackedOut_SaysSoBesideTheData()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        await request.AnswerAllAsync(task => task.System == "support-forum" && task.Action == TaskAction.Access
            ? request.HandOverAsync(task, ("messages", "private-messages", Ndjson, Seeded.Lines(new { body = "Hi" }, new { body = "Bye" })))
            : Task.FromResult(ResponseScene.NothingFound(task)));

        using var zip = await PackageAsync(request);

        var page = new HtmlParser().ParseDocument(Text(zip, "index.html"));
        Assert.Multiple(() =>
        {
            Assert.That(page.QuerySelector("#data")!.TextContent, Does.Contain("blacked out (Article 15(4) GDPR)"));
            Assert.That(page.QuerySelectorAll("#data td").Select(cell => cell.TextContent), Is.EqualTo(new[] { "Hi", "Bye" }));
        });
    }

    [Test]
    public async Task Handle_NothingFoundAnywhere_SaysSo()
    {
        var request = await AnsweredAsync(Right.Access);

        using var zip = await PackageAsync(request);

        Assert.That(new HtmlParser().ParseDocument(Text(zip, "index.html")).Body!.TextContent, Does.Contain("found no personal data about you"));
    }

    [Test]
    public async Task Handle_HostileRecords_StayTextInThePage()
    {
        var request = await AnsweredAsync(Right.Access, ("account", "customer-account", Ndjson,
            Seeded.Lines(new Dictionary<string, string> { ["<script>alert(1)</script>"] = "<img src=x onerror=alert(2)>", ["name"] = "abc\u202Egpj.exe" })));

        using var zip = await PackageAsync(request);

        var html = Text(zip, "index.html");
        var page = new HtmlParser().ParseDocument(html);
        Assert.Multiple(() =>
        {
            Assert.That(page.QuerySelectorAll("script, img, iframe, link, object, form"), Is.Empty);
            Assert.That(page.Body!.TextContent, Does.Contain("<img src=x onerror=alert(2)>"));
            Assert.That(page.Body.TextContent, Does.Not.Contain('\u202E'));
            Assert.That(page.QuerySelectorAll("[src]"), Is.Empty);
            Assert.That(page.QuerySelectorAll("a").Select(link => link.GetAttribute("href")), Has.All.Matches("^(#|data/|files/|manifest)"));
        });
    }

    [Test]
    public async Task Handle_Manifest_ListsEveryOtherFileWithItsHash()
    {
        var request = await AnsweredAsync(Right.Portability, ("orders", "order-history", Ndjson, "{\"a\":1}"));

        using var zip = await PackageAsync(request);

        var manifest = Json(zip, "manifest.json");
        Assert.Multiple(() =>
        {
            Assert.That(manifest.GetProperty("reference").GetString(), Is.EqualTo(request.Reference));
            Assert.That(
                manifest.GetProperty("files").EnumerateArray().Select(file => (file.GetProperty("name").GetString(), file.GetProperty("sha256").GetString())),
                Is.EqualTo(zip.Entries.SkipLast(1).Select(entry => (entry.FullName, Convert.ToHexStringLower(SHA256.HashData(Bytes(zip, entry.FullName)))))));
        });
    }

    [Test]
    public async Task Handle_Portability_HoldsJsonAndCsvAndTheirDescription()
    {
        var request = await AnsweredAsync(Right.Portability, ("orders", "order-history", Ndjson,
            "{\"number\":-1,\"item\":\"=HYPERLINK(\\\"x\\\")\",\"to\":{\"city\":\"Lund, \\\"Skåne\\\"\"}}\n{\"number\":2,\"tags\":[\"a\",\"b\"],\"gift\":true,\"item\":null}"));

        using var zip = await PackageAsync(request);

        var set = Json(zip, "description.json").GetProperty("sets")[0];
        Assert.Multiple(() =>
        {
            Assert.That(Text(zip, "data/order-history/webshop.csv"), Is.EqualTo(
                "number,item,to.city,tags,gift\r\n-1,\"'=HYPERLINK(\"\"x\"\")\",\"Lund, \"\"Skåne\"\"\",,\r\n2,,,\"[\"\"a\"\",\"\"b\"\"]\",true\r\n"));
            Assert.That(Json(zip, "data/order-history/webshop.json")[0].GetProperty("item").GetString(), Is.EqualTo("=HYPERLINK(\"x\")"));
            Assert.That(set.GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("name").GetString()),
                Is.EqualTo(new[] { "number", "item", "to.city", "tags", "gift" }));
            Assert.That(set.GetProperty("fields")[1].GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()), Is.EqualTo(new[] { "null", "string" }));
            Assert.That(Text(zip, "index.html"), Does.Contain("preceded by an apostrophe"));
        });
    }

    [Test]
    public async Task Handle_Portability_PageNamesWhatTheRightDoesNotReach()
    {
        var request = await AnsweredAsync(Right.Portability, ("orders", "order-history", Ndjson, "{}"));

        using var zip = await PackageAsync(request);

        var page = new HtmlParser().ParseDocument(Text(zip, "index.html"));
        Assert.Multiple(() =>
        {
            Assert.That(page.QuerySelector("#not-here")!.TextContent, Does.Contain("Newsletter subscription").And.Contain("(Article 20(1)(a) GDPR)"));
            Assert.That(page.QuerySelector("#not-here")!.TextContent, Does.Contain("asking for access"));
        });
    }

    private async Task<Seeded> AnsweredAsync(Right right, params (string Part, string Category, string ContentType, string Content)[] webshop)
    {
        var request = await scene.ApprovedAsync(right);
        await request.AnswerAllAsync(task => task is { System: "webshop", Action: TaskAction.Access or TaskAction.Export } && webshop.Length > 0
            ? request.HandOverAsync(task, webshop)
            : Task.FromResult(ResponseScene.NothingFound(task)));
        Assert.That((await request.RequestAsync()).WaitingFor, Is.EqualTo(WaitingReasons.Package));
        return request;
    }

    private async Task<ZipArchive> PackageAsync(Seeded request)
    {
        Assert.That(await request.BuildAsync(), Is.True);
        var package = (await request.FilesAsync()).Single(file => file.TaskId is null);
        var copy = new MemoryStream();
        await scene.Service.InScopeAsync(async services =>
        {
            await using var content = services.GetRequiredService<FileStore>().Open(package.Id, services.GetRequiredService<RequestKeys>().Open(await request.RequestAsync()));
            await content.CopyToAsync(copy);
            return true;
        });
        Assert.That(SHA256.HashData(copy.ToArray()), Is.EqualTo(package.Hash));
        return new ZipArchive(copy);
    }

    private static byte[] Bytes(ZipArchive zip, string name)
    {
        using var content = zip.GetEntry(name)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private static string Text(ZipArchive zip, string name) => Encoding.UTF8.GetString(Bytes(zip, name));

    private static JsonElement Json(ZipArchive zip, string name) => JsonSerializer.Deserialize<JsonElement>(Bytes(zip, name));
}
