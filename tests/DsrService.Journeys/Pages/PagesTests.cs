using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using DsrService.Testing;
using Microsoft.Playwright;

namespace DsrService.Journeys.Pages;

/// <summary>Form and desk in a real browser: the way of an erasure without any script, axe on every page it passes, and
/// nothing of the person in what the process logged.</summary>
internal sealed class PagesTests
{
    private const float Patience = 60_000;
    private DemoProcess demo = null!;
    private Browser browser = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        demo = await DemoProcess.StartAsync();
        browser = await Browser.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await browser.DisposeAsync();
        await demo.DisposeAsync();
    }

    [Test]
    public async Task Erasure_WithoutAnyScript_FromFormToDeskAndNothingInTheLogs()
    {
        var person = await demo.PersonAsync(3);
        var (name, email) = (person.GetProperty("name").GetString()!, person.GetProperty("email").GetString()!);
        const string details = "Please forget the blue drum kit of Sundsvall.";

        var reference = await ConfirmedAsync("erasure", name, email, details);

        var desk = await SignedInAsync(script: false);
        await desk.GotoAsync(new Uri(demo.Address, $"/desk/requests/{reference}").ToString());
        await desk.GetByRole(AriaRole.Button, new() { Name = "Approve and start" }).ClickAsync(new() { Timeout = Patience });
        await Assertions.Expect(desk.Locator("main")).ToContainTextAsync("In progress", new() { Timeout = Patience, IgnoreCase = true });

        var log = string.Join('\n', demo.Lines);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(log, Does.Not.Contain(email).IgnoreCase);
            Assert.That(log, Does.Not.Contain(name).IgnoreCase);
            Assert.That(log, Does.Not.Contain("Sundsvall"));
            foreach (var identifier in person.GetProperty("identifiers").EnumerateArray())
                Assert.That(log, Does.Not.Contain(identifier.GetProperty("value").GetString()));
        }
    }

    [TestCase("/", false, false)]
    [TestCase("/toontrack", true, true)]
    [TestCase("/toontrack/request", false, false)]
    [TestCase("/toontrack/request?right=rectification", true, true)]
    [TestCase("/toontrack/request?right=objection", false, true)]
    [TestCase("/status", true, false)]
    [TestCase("/nowhere", false, false)]
    [TestCase("/desk/sign-in", true, true)]
    [TestCase("/demo", false, false)]
    [TestCase("/vendor?token=none", true, true)]
    public async Task Page_ForEverybody_AxeFindsNothing(string path, bool dark, bool phone)
    {
        var page = await browser.PageAsync(script: true, dark, phone);
        await page.GotoAsync(new Uri(demo.Address, path).ToString());

        await AssertAccessibleAsync(page);
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Desk_ItsPages_AxeFindsNothing()
    {
        var person = await demo.PersonAsync(4);
        var reference = await ConfirmedAsync("erasure", person.GetProperty("name").GetString()!, person.GetProperty("email").GetString()!, "All of it.");
        var desk = await SignedInAsync(script: true);
        foreach (var path in (string[])["/desk", "/desk/tasks", "/desk/systems", "/desk/systems/toontrack/fulfilment-vendor", "/desk/recipients", $"/desk/requests/{reference}/recipients", $"/desk/requests/{reference}"])
        {
            await desk.GotoAsync(new Uri(demo.Address, path).ToString());
            await AssertAccessibleAsync(desk);
        }
        await desk.Locator("details").EvaluateAllAsync<int>("all => { all.forEach(one => one.open = true); return all.length; }");
        await AssertAccessibleAsync(desk);
        await desk.Locator("a[href*='/tasks/']").First.ClickAsync();
        await AssertAccessibleAsync(desk);
    }

    [TestCase(false, false)]
    [TestCase(true, true)]
    public async Task Vendor_ItsPages_AxeFindsNothing(bool dark, bool phone)
    {
        var person = await demo.PersonAsync(phone ? 6 : 5);
        var reference = await ConfirmedAsync("erasure", person.GetProperty("name").GetString()!, person.GetProperty("email").GetString()!, "All of it.");
        var desk = await SignedInAsync(script: false);
        await desk.GotoAsync(new Uri(demo.Address, $"/desk/requests/{reference}").ToString());
        await desk.GetByRole(AriaRole.Button, new() { Name = "Approve and start" }).ClickAsync(new() { Timeout = Patience });
        var link = await demo.LinkToAsync("privacy@lagerhuset-norr.example");
        var page = await browser.PageAsync(script: true, dark, phone);
        await Eventually.GetAsync(async () =>
        {
            await page.GotoAsync(link);
            return await page.Locator("a[href*='/vendor/items/']").CountAsync() > 0 ? "listed" : null;
        }, "the item on the vendor's page", TimeSpan.FromMinutes(1));
        await AssertAccessibleAsync(page);
        await page.Locator("a[href*='/vendor/items/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Whose data it is");
        await AssertAccessibleAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the answer" }).ClickAsync();
        await Assertions.Expect(page.Locator("#errors")).ToBeVisibleAsync();
        await AssertAccessibleAsync(page);
        await page.Locator("input[value='not-found']").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the answer" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Recorded. Thank you.");
        await AssertAccessibleAsync(page);
        await page.Context.CloseAsync();
    }

    /// <summary>A request sent by the form, its address confirmed by the link in the mail.</summary>
    private async Task<string> ConfirmedAsync(string right, string name, string email, string details)
    {
        var page = await PageAsync($"/toontrack/request?right={right}");
        await page.Locator("[name='requester.email']").FillAsync(email);
        await page.Locator("[name='requester.name']").FillAsync(name);
        await page.Locator("[name='details']").FillAsync(details);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the request" }).ClickAsync();
        await page.GotoAsync(await demo.LinkToAsync(email));
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, go on" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("DSR-", new() { Timeout = Patience });
        return Regex.Match(await page.Locator("main").InnerTextAsync(), @"DSR-\d{4}-\w{8}").Value;
    }

    private async Task<IPage> PageAsync(string path)
    {
        var page = await browser.PageAsync();
        await page.GotoAsync(new Uri(demo.Address, path).ToString());
        return page;
    }

    private async Task<IPage> SignedInAsync(bool script)
    {
        var page = await browser.PageAsync(script);
        await page.GotoAsync(new Uri(demo.Address, "/desk/sign-in").ToString());
        await page.Locator("[name='userName']").FillAsync("approver");
        await page.Locator("[name='password']").FillAsync(demo.Password("approver"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("sign-in"), new() { Timeout = Patience });
        return page;
    }

    private static async Task AssertAccessibleAsync(IPage page)
    {
        var result = await page.RunAxe();
        Assert.That(result.Violations.Select(violation => $"{page.Url}: {violation.Id} at {string.Join(", ", violation.Nodes.Select(node => node.Target))}"), Is.Empty);
    }
}
