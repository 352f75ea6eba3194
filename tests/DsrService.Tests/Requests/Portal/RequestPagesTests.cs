using System.Net;
using DsrService.Data.Sealing;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Requests.Portal;

internal sealed class RequestPagesTests
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
    public async Task Get_StartPages_LeadToTheFormOfEachRight()
    {
        var home = await WebForm.ReadAsync(await browser.GetAsync("/"));
        var start = await WebForm.ReadAsync(await browser.GetAsync(home.QuerySelector("a.card-link")!.GetAttribute("href")));
        var links = start.QuerySelectorAll("a.card-link").Select(link => link.GetAttribute("href")!).ToList();

        Assert.That(links, Has.Count.EqualTo(6));
        foreach (var link in links)
        {
            var page = await WebForm.ReadAsync(await browser.GetAsync(link));
            Assert.Multiple(() =>
            {
                Assert.That(page.QuerySelectorAll("[name=right]:checked").Single().GetAttribute("value"), Is.EqualTo(link.Split('=')[1]));
                Assert.That(page.QuerySelectorAll("h1").Length, Is.EqualTo(1));
                Assert.That(page.QuerySelectorAll("script, [style], [onclick]"), Is.Empty);
            });
        }
    }

    [TestCase("access")]
    [TestCase("rectification")]
    [TestCase("erasure")]
    [TestCase("restriction")]
    [TestCase("objection")]
    [TestCase("portability")]
    public async Task Post_EachRight_IsTakenInAndSaysToLookIntoTheMailbox(string right)
    {
        var form = (await WebForm.OpenAsync(browser, $"/toontrack/request?right={right}"))
            .With("requester.email", "ada@example.org")
            .With("requester.name", "Ada Lind")
            .With("identifier.customer-number", "C-1001")
            .With("erasure.grounds", "consent-withdrawn", "no-longer-necessary")
            .With("corrections[1].field", "postal-address").With("corrections[1].requested", "Storgatan 2\r\nUmeå")
            .With("restriction.ground", "unlawful")
            .With("objection.purpose", "direct-marketing");

        var response = await form.SendAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        var reference = response.Headers.Location!.ToString().Split('/')[^1];
        var (row, content) = await IntakeAsync(reference);
        var page = await WebForm.ReadAsync(await browser.GetAsync(response.Headers.Location));
        Assert.Multiple(() =>
        {
            Assert.That(row.Right.ToString(), Is.EqualTo(right).IgnoreCase);
            Assert.That(row.Channel, Is.EqualTo(Channel.Web));
            Assert.That(content.Requester.Email, Is.EqualTo("ada@example.org"));
            Assert.That(content.Erasure?.Grounds, right == "erasure" ? Is.EqualTo(new[] { ErasureGround.ConsentWithdrawn, ErasureGround.NoLongerNecessary }) : Is.Null);
            Assert.That(content.Corrections.Select(correction => correction.Field), right == "rectification" ? Is.EqualTo(new[] { "postal-address" }) : Is.Empty);
            Assert.That(content.Restriction?.Ground, right == "restriction" ? Is.EqualTo(RestrictionGround.Unlawful) : Is.Null);
            Assert.That(content.Objection?.Purpose, right == "objection" ? Is.EqualTo("direct-marketing") : Is.Null);
            Assert.That(page.QuerySelector("h1")!.TextContent, Does.Contain("mailbox"));
            Assert.That(page.QuerySelector(".reference")!.TextContent, Is.EqualTo(reference));
        });
    }

    [Test]
    public async Task Post_WrongFields_KeepsWhatWasTypedAndLinksEachError()
    {
        var form = (await WebForm.OpenAsync(browser, "/toontrack/request?right=rectification"))
            .With("requester.email", "<b>nobody")
            .With("requester.relation", "guardian")
            .With("subject.birthDate", "yesterday")
            .With("identifier.customer-number", "§")
            .With("corrections[2].field", "name");

        var response = await form.SendAsync();

        var page = await WebForm.ReadAsync(response);
        var links = page.QuerySelectorAll(".error-summary a").Select(link => link.GetAttribute("href")!).ToList();
        var again = WebForm.Of(browser, page);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(links, Is.EquivalentTo(new[] { "#f-requester-email", "#f-subject-name", "#f-subject-birthDate", "#f-identifier-customer-number", "#f-corrections-2-requested" }));
            Assert.That(links.Select(link => page.QuerySelector(link)), Has.None.Null);
            Assert.That(page.Title, Does.StartWith("Error"));
            Assert.That(again["requester.email"], Is.EqualTo("<b>nobody"));
            Assert.That(again["requester.relation"], Is.EqualTo("guardian"));
            Assert.That(again["identifier.customer-number"], Is.EqualTo("§"));
            Assert.That(again["corrections[2].field"], Is.EqualTo("name"));
        });
        Assert.That((await again.With("right", "access").With("requester.email", "ada@example.org").With("subject.name", "Bo").With("subject.birthDate", "")
            .With("identifier.customer-number", "").SendAsync()).StatusCode, Is.EqualTo(HttpStatusCode.Found));
    }

    [Test]
    public async Task Post_WithoutARight_AsksForOne()
    {
        var response = await (await WebForm.OpenAsync(browser, "/toontrack/request")).With("requester.email", "ada@example.org").SendAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That((await WebForm.ReadAsync(response)).QuerySelector(".error-summary a")!.GetAttribute("href"), Is.EqualTo("#f-right"));
        });
    }

    [TestCase("right", "cookies")]
    [TestCase("requester.relation", "mother")]
    [TestCase("erasure.grounds", "boredom")]
    [TestCase("requester.name", "Ada\r\nBcc: b@example.org")]
    [TestCase("details", "\u202eolleh")]
    public async Task Post_TamperedField_IsAPageThatSaysSo(string field, string value)
    {
        var response = await (await WebForm.OpenAsync(browser, "/toontrack/request?right=erasure")).With("requester.email", "ada@example.org").With(field, value).SendAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That((await WebForm.ReadAsync(response)).QuerySelectorAll(".error-summary a").Length, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Post_SamePageTwice_MakesOneRequestUnlessItWasChanged()
    {
        var form = (await WebForm.OpenAsync(browser, "/toontrack/request?right=erasure")).With("requester.email", "ada@example.org");

        var first = await form.SendAsync();
        var second = await form.SendAsync();
        var changed = await form.With("requester.email", "bo@example.org").SendAsync();

        Assert.Multiple(() =>
        {
            Assert.That(second.Headers.Location, Is.EqualTo(first.Headers.Location));
            Assert.That(changed.StatusCode, Is.EqualTo(HttpStatusCode.Found));
            Assert.That(changed.Headers.Location, Is.Not.EqualTo(first.Headers.Location));
        });
    }

    [Test]
    public async Task Post_WithoutItsToken_IsAPage()
    {
        var form = await WebForm.OpenAsync(browser, "/toontrack/request?right=erasure");

        var response = await form.With("__RequestVerificationToken").With("requester.email", "ada@example.org").SendAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That((await WebForm.ReadAsync(response)).QuerySelector("main p")!.TextContent, Does.Contain("open it again"));
        });
    }

    [TestCase(1_000_000)]
    [TestCase(10_000_000)]
    public async Task Post_TooMuch_IsAPage(int length)
    {
        var form = await WebForm.OpenAsync(browser, "/toontrack/request?right=erasure");

        var response = await form.With("details", new string('x', length)).SendAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
            Assert.That((await WebForm.ReadAsync(response)).QuerySelector("h1")!.TextContent, Is.EqualTo("That is too much at once"));
        });
    }

    [TestCase("/nobody")]
    [TestCase("/nobody/request")]
    [TestCase("/toontrack/request/DSR-2026-AAAAAAAA")]
    [TestCase("/..%2f..%2fetc")]
    public async Task Get_NoSuchPage_IsAPage(string path)
    {
        var response = await browser.GetAsync(path);

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((await WebForm.ReadAsync(response)).QuerySelector("h1")!.TextContent, Is.EqualTo("There is no such page"));
        });
    }

    private async Task<(DataSubjectRequest, IntakeContent)> IntakeAsync(string reference)
    {
        var request = await service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(row => row.Reference == reference));
        return (request, service.Services.GetRequiredService<RequestKeys>().Open(request).OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake));
    }
}
