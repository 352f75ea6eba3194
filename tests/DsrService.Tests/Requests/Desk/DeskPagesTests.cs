using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Staff;

namespace DsrService.Tests.Requests.Desk;

/// <summary>The pages as a browser without script uses them.</summary>
internal sealed class DeskPagesTests
{
    private DeskBench desk = null!;
    private HttpClient approver = null!;
    private HttpClient auditor = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        desk = await DeskBench.StartAsync();
        approver = await SignedInAsync("kim", new CallerGrant(TestService.Controller, StaffRole.Approver));
        auditor = await SignedInAsync("audra", new CallerGrant(TestService.Controller, StaffRole.Auditor));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task Queue_Filters_StandInTheUrlAndInTheForm()
    {
        var reference = await desk.PlannedAsync(Right.Portability);
        var page = await PageAsync(approver, "/desk?status=planned&right=portability");
        Assert.That(page.QuerySelectorAll("tbody .reference").Select(link => link.TextContent), Has.Some.EqualTo(reference));
        Assert.That(((IHtmlSelectElement)page.QuerySelector("select[name=right]")!).Value, Is.EqualTo("portability"));
        Assert.That(page.QuerySelectorAll("script"), Is.Empty);
    }

    [Test]
    public async Task Queue_NothingFits_SaysSo()
    {
        var page = await PageAsync(approver, "/desk?reference=DSR-2026-NOSUCHONE");
        Assert.That(page.QuerySelector(".empty h2")?.TextContent, Is.EqualTo("Nothing here"));
    }

    [Test]
    public async Task Queue_NameOfAFilterThatDoesNotExist_IsA400Page()
    {
        var response = await approver.GetAsync(new Uri("/desk?status=finished", UriKind.Relative));
        Assert.That((response.StatusCode, response.Content.Headers.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.BadRequest, "text/html")));
    }

    [Test]
    public async Task Request_ForAnAuditor_HasNoFormButSignOut()
    {
        var page = await PageAsync(auditor, $"/desk/requests/{await desk.PlannedAsync(Right.Erasure)}");
        Assert.That(page.QuerySelectorAll("form").Select(form => form.GetAttribute("action")), Is.EqualTo([SignInRoutes.SignOutPath]));
        Assert.That(page.Body!.TextContent, Does.Contain("ada.lind@example.org"));
    }

    [Test]
    public async Task Request_EveryAllowedMove_HasItsForm()
    {
        var page = await PageAsync(approver, $"/desk/requests/{await desk.PlannedAsync(Right.Erasure)}");
        var forms = page.QuerySelectorAll("form[method=post]").Select(form => form.GetAttribute("action")!.Split('#')[0].Split('/')[^1]).ToList();
        Assert.That(forms, Is.EquivalentTo(["sign-out", "approve", "assign", "note", "extend", "suspend", "hold", "refuse", "withdraw"]));
        Assert.That(page.QuerySelectorAll("form[method=post]").All(form => form.QuerySelector("input[name=__RequestVerificationToken]") is not null), Is.True);
        var ids = page.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        Assert.That(ids, Is.Unique, "an id names one element");
    }

    [Test]
    public async Task Approve_OverridingAnObjection_AsksExactlyItsQuestionAndForTheGrounds()
    {
        var reference = await desk.Bench.PlannedAsync(Right.Objection, new() { Requester = new("Ada Lind", "ada.lind@example.org", Relation.Self), Objection = new(null, "my situation") });
        await desk.Bench.AnswerAllWithNothingAsync(reference);
        const string question = "approve.21-1-weigh:address-upkeep";
        var path = $"/desk/requests/{reference}";
        Assert.That((await PageAsync(approver, path)).QuerySelectorAll(".question legend").Single().TextContent, Does.EndWith("Does it stop, because no compelling legitimate grounds override?"));

        var without = await WebForm.ReadAsync(await (await WebForm.OpenAsync(approver, path, "/approve")).With(question, "deny").SendAsync());
        var with = await (await WebForm.OpenAsync(approver, path, "/approve")).With(question, "deny").With($"{question}.reason", "Parcels went to a former address.").SendAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(without.QuerySelector(".question .field-error")?.TextContent, Does.Contain("grounds"));
            Assert.That(without.QuerySelectorAll($"input[name='{question}']:checked").Single().GetAttribute("value"), Is.EqualTo("deny"), "what was chosen is kept");
            Assert.That(with.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther).Or.EqualTo(HttpStatusCode.Found));
            Assert.That((await desk.Service.RequestAsync(reference)).ApprovedAt, Is.Not.Null);
        }
    }

    [TestCase("extend", "extend.reason", "Two systems are worked by hand.")]
    [TestCase("refuse", "refuse.explanation", "The account is another person's.")]
    public async Task Post_Preview_ShowsTheLetterAndChangesNothing(string move, string field, string words)
    {
        var reference = await desk.PlannedAsync(Right.Erasure);
        var (status, page, _) = await PostAsync(approver, reference, move, (field, words), ("refuse.ground", "exempt"), ("preview", "1"));
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(page!.QuerySelector(".preview .letter")?.TextContent, Does.Contain(words).And.Contain("imy.se"));
        Assert.That(((IHtmlTextAreaElement)page.QuerySelector($"[name='{field}']")!).Value, Is.EqualTo(words), "nothing typed is lost");
        Assert.That(page.QuerySelector($"#move-{move}")!.HasAttribute("open"), Is.True);
        Assert.That((await desk.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Planned));
        Assert.That(await desk.Service.NoticesAsync(reference), Is.Empty);
    }

    [Test]
    public async Task Post_Refuse_LeadsBackWithWordOfIt()
    {
        var reference = await desk.PlannedAsync();
        var (status, _, location) = await PostAsync(approver, reference, "refuse", ("refuse.ground", "exempt"), ("refuse.explanation", "Facts."));
        Assert.That((status, location), Is.EqualTo((HttpStatusCode.Redirect, $"/desk/requests/{reference}?done=refuse")));
        var page = await PageAsync(approver, location!);
        Assert.That(page.QuerySelector(".alert.good")?.TextContent, Does.Contain("Refused"));
        Assert.That((await desk.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Refused));
    }

    [Test]
    public async Task Post_MissingFields_ComeBackWithASummaryThatLinksToThem()
    {
        var reference = await desk.PlannedAsync();
        var (status, page, _) = await PostAsync(approver, reference, "refuse", ("refuse.ground", ""), ("refuse.explanation", " "));
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        var links = page!.QuerySelectorAll(".error-summary a").Select(link => link.GetAttribute("href")!).ToList();
        Assert.That(links, Is.EqualTo(["#f-refuse-ground", "#f-refuse-explanation"]));
        Assert.That(links.All(link => page.QuerySelector(link) is not null), Is.True);
    }

    [Test]
    public async Task Post_NoFormToken_ChangesNothing()
    {
        var reference = await desk.PlannedAsync();
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["hold.reason"] = "x" });
        var response = await approver.PostAsync(new Uri($"/desk/requests/{reference}/hold", UriKind.Relative), content);
        Assert.That((response.StatusCode, response.Content.Headers.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.BadRequest, "text/html")));
        Assert.That((await desk.Service.RequestAsync(reference)).OnHold, Is.False);
    }

    [Test]
    public async Task Post_TokenOfAnotherSession_ChangesNothing()
    {
        var reference = await desk.PlannedAsync();
        var other = await auditor.GetStringAsync(new Uri("/desk", UriKind.Relative));
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = SignInTests.TokenOf(other) });
        var response = await approver.PostAsync(new Uri($"/desk/requests/{reference}/hold", UriKind.Relative), content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await desk.Service.RequestAsync(reference)).OnHold, Is.False);
    }

    [Test]
    public async Task Post_Auditor_IsForbidden()
    {
        var reference = await desk.PlannedAsync();
        var (status, _, _) = await PostAsync(auditor, reference, "hold");
        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase(StaffRole.SystemOwner, "address-updates", "/desk/tasks")]
    [TestCase(StaffRole.Admin, null, "/desk/systems")]
    public async Task Start_WhoHasNoQueue_IsLedToWhatThereIs(StaffRole role, string? system, string path)
    {
        var browser = await SignedInAsync($"{role}".ToLowerInvariant(), new CallerGrant(TestService.Controller, role, system));
        var response = await browser.GetAsync(new Uri("/desk", UriKind.Relative));
        Assert.That((response.StatusCode, response.Headers.Location?.ToString()), Is.EqualTo((HttpStatusCode.Redirect, path)));
        Assert.That((await browser.GetAsync(new Uri(path, UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var reference = await desk.PlannedAsync();
        var request = await browser.GetAsync(new Uri($"/desk/requests/{reference}", UriKind.Relative));
        Assert.That(request.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await request.Content.ReadAsStringAsync(), Does.Not.Contain("ada.lind"));
    }

    [Test]
    public async Task Request_WordsOfThePerson_NeverBecomeMarkup()
    {
        var reference = await desk.Bench.PlannedAsync(Right.Access, new IntakeContent
        {
            Requester = new RequesterContent("<script>alert(1)</script>", "ada.lind@example.org", Relation.Self),
            Details = "<img src=x onerror=alert(1)>",
        });
        var page = await PageAsync(approver, $"/desk/requests/{reference}");
        Assert.That(page.QuerySelectorAll("script, img"), Is.Empty);
        Assert.That(page.Body!.TextContent, Does.Contain("<script>alert(1)</script>").And.Contain("<img src=x onerror=alert(1)>"));
    }

    private async Task<HttpClient> SignedInAsync(string userName, params CallerGrant[] grants)
    {
        await SignInTests.AddAsync(desk.Service, userName, grants);
        var browser = desk.Service.NewBrowser();
        await SignInTests.SignInAsync(browser, userName, SignInTests.Password);
        return browser;
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient browser, string path)
    {
        var response = await browser.GetAsync(new Uri(path, UriKind.Relative));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        return new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
    }

    private static async Task<(HttpStatusCode Status, IHtmlDocument? Page, string? Location)> PostAsync(HttpClient browser, string reference, string move, params (string Name, string Value)[] fields)
    {
        var page = await browser.GetStringAsync(new Uri($"/desk/requests/{reference}", UriKind.Relative));
        using var content = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", SignInTests.TokenOf(page))).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        var response = await browser.PostAsync(new Uri($"/desk/requests/{reference}/{move}", UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : new HtmlParser().ParseDocument(text), response.Headers.Location?.ToString());
    }
}
