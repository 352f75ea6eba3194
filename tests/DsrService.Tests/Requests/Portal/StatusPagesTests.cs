using System.Net;
using DsrService.Requests;

namespace DsrService.Tests.Requests.Portal;

internal sealed class StatusPagesTests
{
    private TestService service = null!;
    private HttpClient browser = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [SetUp]
    public void SetUp() => browser = service.NewBrowser();

    [Test]
    public async Task Confirm_FetchedByAMailScanner_IsNotUsedUp()
    {
        var (reference, token) = await service.SubmitAsync(Bodies.Erasure());

        for (var i = 0; i < 3; i++)
            Assert.That((await service.Client.GetAsync($"/status/{reference}/confirm?token={token}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        Assert.That((await service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.AwaitingIdentity));
        var response = await (await WebForm.OpenAsync(browser, $"/status/{reference}/confirm?token={token}")).SendAsync();
        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
            Assert.That(response.Headers.Location!.ToString(), Is.EqualTo($"/status/{reference}"));
            Assert.That(response.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("dsr-status=", StringComparison.Ordinal)).ToLowerInvariant(),
                Does.Contain("httponly").And.Contains("samesite=lax").And.Contains($"path=/status/{reference}".ToLowerInvariant()));
            Assert.That((await service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Planned));
        });
    }

    [Test]
    public async Task Status_WithTheCookie_ShowsTheRequest()
    {
        var reference = await OpenStatusAsync(Bodies.Erasure());

        var page = await WebForm.ReadAsync(await browser.GetAsync($"/status/{reference}"));

        Assert.Multiple(() =>
        {
            Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Erase my data"));
            Assert.That(page.QuerySelectorAll(".timeline li:not(.waiting)").Length, Is.EqualTo(3));
            Assert.That(page.QuerySelector(".timeline .waiting")!.TextContent, Does.Contain("person"));
            Assert.That(page.Body!.TextContent, Does.Contain("2 April 2026").And.Not.Contains(Bodies.Email));
        });
    }

    [Test]
    public async Task Status_WithoutTheCookie_IsTheSameForEveryReference()
    {
        var (reference, _) = await service.SubmitAsync(Bodies.Erasure());
        const string unknown = "DSR-2026-ZZZZZZZZ";

        var known = await service.Client.GetAsync($"/status/{reference}");
        var other = await service.Client.GetAsync($"/status/{unknown}");

        Assert.Multiple(async () =>
        {
            Assert.That(known.StatusCode, Is.EqualTo(other.StatusCode));
            Assert.That(Comparable(await known.Content.ReadAsStringAsync(), reference), Is.EqualTo(Comparable(await other.Content.ReadAsStringAsync(), unknown)));
        });
    }

    [Test]
    public async Task Link_AskedFor_SaysTheSameWhetherThereIsSuchARequest()
    {
        var (reference, _) = await service.SubmitAsync(Bodies.Erasure());
        const string unknown = "DSR-2026-ZZZZZZZZ";

        var known = await (await WebForm.OpenAsync(browser, "/status")).With("reference", $" {reference.ToLowerInvariant()} ").SendAsync();
        var other = await (await WebForm.OpenAsync(browser, "/status")).With("reference", unknown).SendAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(Comparable(await known.Content.ReadAsStringAsync(), reference), Is.EqualTo(Comparable(await other.Content.ReadAsStringAsync(), unknown)));
            Assert.That(await service.NoticesAsync(reference), Has.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task Confirm_UsedLink_OffersANewOne()
    {
        var (reference, token) = await service.SubmitAsync(Bodies.Erasure());
        var form = await WebForm.OpenAsync(browser, $"/status/{reference}/confirm?token={token}");
        await form.SendAsync();

        var response = await form.SendAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(WebForm.Of(browser, await WebForm.ReadAsync(response))["reference"], Is.EqualTo(reference));
        });
    }

    [Test]
    public async Task Withdraw_BeforeAnythingWasSent_ClosesTheRequest()
    {
        var reference = await OpenStatusAsync(Bodies.Erasure());

        await (await WebForm.OpenAsync(browser, $"/status/{reference}", "/withdraw")).SendAsync();

        var page = await WebForm.ReadAsync(await browser.GetAsync($"/status/{reference}"));
        Assert.Multiple(async () =>
        {
            Assert.That((await service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Withdrawn));
            Assert.That(page.QuerySelector(".badge")!.TextContent, Is.EqualTo("Taken back"));
            Assert.That(page.Forms.Any(form => form.Action.EndsWith("withdraw", StringComparison.Ordinal)), Is.False);
        });
    }

    [Test]
    public async Task Leave_EndsTheAccessOfThisBrowser()
    {
        var reference = await OpenStatusAsync(Bodies.Erasure());

        await (await WebForm.OpenAsync(browser, $"/status/{reference}", "/leave")).SendAsync();

        Assert.That((await WebForm.ReadAsync(await browser.GetAsync($"/status/{reference}"))).QuerySelector("h1")!.TextContent, Is.EqualTo("Follow your request"));
    }

    private async Task<string> OpenStatusAsync(System.Text.Json.Nodes.JsonObject body)
    {
        var (reference, token) = await service.SubmitAsync(body);
        await (await WebForm.OpenAsync(browser, $"/status/{reference}/confirm?token={token}")).SendAsync();
        return reference;
    }

    private static string Comparable(string page, string reference) =>
        System.Text.RegularExpressions.Regex.Replace(page.Replace(reference, "REFERENCE", StringComparison.Ordinal), "name=\"__RequestVerificationToken\" value=\"[^\"]*\"", "");
}
