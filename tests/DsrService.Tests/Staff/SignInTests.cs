using System.Net;
using System.Text.RegularExpressions;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Staff;

/// <summary>The sign-in as a browser sees it.</summary>
internal sealed partial class SignInTests
{
    public const string Password = "correct horse battery";
    private DeskBench desk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => desk = await DeskBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task SignIn_RightPassword_OpensPagesAndApi()
    {
        await AddAsync("anna");
        var browser = desk.Service.NewBrowser();
        var answer = await SignInAsync(browser, "ANNA", Password);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("dsr-desk=", StringComparison.Ordinal));
        using var _ = Assert.EnterMultipleScope();
        Assert.That((answer.StatusCode, answer.Headers.Location?.ToString()), Is.EqualTo((HttpStatusCode.Redirect, "/desk")));
        Assert.That(cookie, Does.Contain("httponly").IgnoreCase.And.Contain("samesite=lax").IgnoreCase.And.Contain("path=/desk").IgnoreCase);
        Assert.That((await browser.GetAsync(Relative("/desk"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await browser.GetAsync(Relative("/desk/api/v1/requests"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task SignIn_UnknownNameOrWrongPassword_TheSameAnswer()
    {
        await AddAsync("berta");
        var wrong = await SignInAsync(desk.Service.NewBrowser(), "berta", "not the password");
        var unknown = await SignInAsync(desk.Service.NewBrowser(), "nobody", "not the password");
        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(ContentOf(await wrong.Content.ReadAsStringAsync()).Replace("berta", "", StringComparison.Ordinal),
            Is.EqualTo(ContentOf(await unknown.Content.ReadAsStringAsync()).Replace("nobody", "", StringComparison.Ordinal)));
    }

    [Test]
    public async Task SignIn_SeveralFailures_LocksForAWhile()
    {
        await AddAsync("carla");
        var browser = desk.Service.NewBrowser();
        for (var failure = 0; failure < SignIn.FailuresBeforeLock; failure++)
            await SignInAsync(browser, "carla", "guess");
        Assert.That((await SignInAsync(browser, "carla", Password)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        desk.Service.Clock.Advance(SignIn.LockFor + TimeSpan.FromSeconds(1));
        Assert.That((await SignInAsync(browser, "carla", Password)).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task SignIn_NoFormToken_IsRefusedWithAPage()
    {
        await AddAsync("dora");
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["userName"] = "dora", ["password"] = Password });
        var answer = await desk.Service.NewBrowser().PostAsync(Relative(StaffAccess.SignInPath), content);
        Assert.That((answer.StatusCode, answer.Content.Headers.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.BadRequest, "text/html")));
        Assert.That(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("dsr-desk=", StringComparison.Ordinal)), Is.False);
    }

    [TestCase("https://elsewhere.example/desk", "/desk")]
    [TestCase("//elsewhere.example", "/desk")]
    [TestCase("/\\elsewhere.example", "/desk")]
    [TestCase("/deskelsewhere", "/desk")]
    [TestCase("/desk/tasks?binding=manual", "/desk/tasks?binding=manual")]
    public async Task SignIn_ReturnTo_LeadsToPagesOfTheDeskOnly(string returnTo, string expected)
    {
        var name = "frida" + Guid.CreateVersion7().ToString("N");
        await AddAsync(name);
        var answer = await SignInAsync(desk.Service.NewBrowser(), name, Password, returnTo);
        Assert.That((answer.StatusCode, answer.Headers.Location?.ToString()), Is.EqualTo((HttpStatusCode.Redirect, expected)));
    }

    [Test]
    public async Task Pages_NoSession_LeadToTheSignIn()
    {
        var answer = await desk.Service.Client.GetAsync(Relative("/desk/requests/DSR-2026-XXXXXXXX"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(answer.Headers.Location!.ToString(), Does.Contain("/desk/sign-in?returnTo=%2Fdesk%2Frequests"));
    }

    [Test]
    public async Task Session_DeactivatedMember_EndsWithTheNextCall()
    {
        var id = await AddAsync("greta");
        var browser = desk.Service.NewBrowser();
        await SignInAsync(browser, "greta", Password);
        var token = await desk.Service.InScopeAsync(services => services.GetRequiredService<IssueToken>().HandleAsync(id, null, CancellationToken.None));
        var program = desk.Service.NewClient(bearer: token);
        Assert.That((await program.GetAsync(Relative("/desk/api/v1/requests"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        var ended = await desk.Service.InScopeAsync(services => services.GetRequiredService<DeactivateStaff>().HandleAsync("greta", CancellationToken.None));

        using var _ = Assert.EnterMultipleScope();
        Assert.That(ended.Failure, Is.Null);
        Assert.That((await browser.GetAsync(Relative("/desk"))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await browser.GetAsync(Relative("/desk/api/v1/requests"))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await program.GetAsync(Relative("/desk/api/v1/requests"))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await SignInAsync(desk.Service.NewBrowser(), "greta", Password)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task SignOut_WithFormToken_EndsTheSession()
    {
        await AddAsync("hanna");
        var browser = desk.Service.NewBrowser();
        await SignInAsync(browser, "hanna", Password);
        var page = await browser.GetStringAsync(Relative("/desk"));
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = TokenOf(page) });
        await browser.PostAsync(Relative(SignInRoutes.SignOutPath), content);
        Assert.That((await browser.GetAsync(Relative("/desk"))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [TestCase("Sec-Fetch-Site", "cross-site", false)]
    [TestCase("Sec-Fetch-Site", "same-site", false)]
    [TestCase("Sec-Fetch-Site", "same-origin", true)]
    [TestCase("Origin", "https://elsewhere.example", false)]
    public async Task Api_CookieFromAnotherSite_ChangesNothing(string header, string value, bool allowed)
    {
        var name = "ida" + Guid.CreateVersion7().ToString("N");
        await AddAsync(name);
        var reference = await desk.PlannedAsync();
        var browser = desk.Service.NewBrowser();
        await SignInAsync(browser, name, Password);
        using var message = new HttpRequestMessage(HttpMethod.Post, Relative(DeskBench.Path(reference, "hold")));
        message.Headers.Add(header, value);
        var answer = await browser.SendAsync(message);
        Assert.That(answer.StatusCode, Is.EqualTo(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden));
        Assert.That((await desk.Service.RequestAsync(reference)).OnHold, Is.EqualTo(allowed));
    }

    private Task<Guid> AddAsync(string userName) => AddAsync(desk.Service, userName, new CallerGrant(TestService.Controller, StaffRole.Agent));

    internal static async Task<Guid> AddAsync(TestService service, string userName, params CallerGrant[] grants)
    {
        var added = await service.InScopeAsync(services => services.GetRequiredService<AddStaff>().HandleAsync(new(userName, userName, Password, grants), CancellationToken.None));
        Assert.That(added.Failure, Is.Null);
        return added.Value;
    }

    internal static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string userName, string password, string? returnTo = null)
    {
        var page = await browser.GetStringAsync(Relative(StaffAccess.SignInPath));
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["userName"] = userName,
            ["password"] = password,
            ["returnTo"] = returnTo ?? "",
            ["__RequestVerificationToken"] = TokenOf(page),
        });
        return await browser.PostAsync(Relative(StaffAccess.SignInPath), content);
    }

    internal static string TokenOf(string page) => FormToken().Match(page).Groups[1].Value;

    private static string ContentOf(string page) => FormToken().Replace(page[page.IndexOf("<main", StringComparison.Ordinal)..], "");

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
