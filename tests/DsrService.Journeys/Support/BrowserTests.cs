namespace DsrService.Testing;

internal sealed class BrowserTests
{
    [Test]
    public async Task Page_WithoutScript_ShowsTheMarkupOnly()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.PageAsync(script: false);

        await page.SetContentAsync("<h1>Your request</h1><script>document.querySelector('h1').textContent = 'scripted'</script>");

        Assert.That(await page.Locator("h1").TextContentAsync(), Is.EqualTo("Your request"));
    }
}
