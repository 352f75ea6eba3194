using DsrService.Tests.Requests;

namespace DsrService.Tests.Web;

internal sealed class PrivacyTests
{
    [Test]
    public async Task Log_OfIntakeConfirmationAndStatus_NamesNobodyAndHoldsNoToken()
    {
        await using var service = await TestService.StartAsync();
        using var browser = service.NewBrowser();
        var (_, apiToken) = await service.SubmitConfirmedAsync(Bodies.Rectification());
        var response = await (await WebForm.OpenAsync(browser, "/toontrack/request?right=erasure"))
            .With("requester.email", Bodies.Email).With("requester.name", Bodies.Name).With("identifier.customer-number", "C-987654").SendAsync();
        var reference = response.Headers.Location!.ToString().Split('/')[^1];
        var linkToken = Links.TokenIn((await service.NoticesAsync(reference))[0].Content.Text);
        await (await WebForm.OpenAsync(browser, $"/status/{reference}/confirm?token={linkToken}")).SendAsync();
        await browser.GetAsync($"/status/{reference}");
        await (await WebForm.OpenAsync(browser, "/toontrack/request")).With("requester.email", $"x {Bodies.Email}").SendAsync();
        await TestService.PostAsync(service.Client, "/api/v1/toontrack/requests", Bodies.Erasure("ada.lind@@example.org"));

        Assert.That(service.Log.Lines, Is.Not.Empty);
        foreach (var personal in new[] { "ada.lind", Bodies.Name, "C-987654", "Storgatan", linkToken, apiToken })
            Assert.That(service.Log.Lines.Where(line => line.Contains(personal, StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    [Test]
    public async Task Error_NobodyForesaw_IsAPageOrAProblemThatTellsNothing()
    {
        await using var service = await TestService.StartAsync();
        await service.InDatabaseAsync(db => Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlRawAsync(db.Database, "ALTER TABLE dsr.access_tokens RENAME TO gone"));

        var page = await service.Client.GetAsync("/status/DSR-2026-ZZZZZZZZ");
        var problem = await service.Client.GetAsync("/api/v1/requests/DSR-2026-ZZZZZZZZ");

        Assert.Multiple(async () =>
        {
            Assert.That((int)page.StatusCode, Is.EqualTo(500));
            Assert.That((await WebForm.ReadAsync(page)).QuerySelector("h1")!.TextContent, Is.EqualTo("Something went wrong on our side"));
            Assert.That((int)problem.StatusCode, Is.EqualTo(500));
            Assert.That(await problem.Content.ReadAsStringAsync(), Does.Contain("\"code\":\"http.error\"").And.Not.Contain("access_tokens").And.Not.Contain("Exception"));
        });
    }
}
