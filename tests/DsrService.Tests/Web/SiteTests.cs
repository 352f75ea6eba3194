using System.Net;
using DsrService.Web;

namespace DsrService.Tests.Web;

internal sealed class SiteTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Get_UnknownPage_IsAPageWithStrictHeaders()
    {
        var response = await service.Client.GetAsync("/no/such/page");

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/html"));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("<h1>There is no such page</h1>"));
            Assert.That(Header(response, "Content-Security-Policy"), Does.StartWith("default-src 'none'").And.Not.Contains("unsafe").And.Contains("frame-ancestors 'none'"));
            Assert.That(Header(response, "X-Content-Type-Options"), Is.EqualTo("nosniff"));
            Assert.That(Header(response, "Referrer-Policy"), Is.EqualTo("no-referrer"));
            Assert.That(Header(response, "Cache-Control"), Is.EqualTo("no-store"));
            Assert.That(response.Headers.Contains("Server"), Is.False);
        });
    }

    [TestCase("/api/v1/nothing")]
    [TestCase("/desk/api/v1/nothing")]
    [TestCase("/systems/v1/nothing")]
    public async Task Get_UnknownMachineAddress_IsAProblemWithACode(string path)
    {
        var response = await service.Client.GetAsync(path);

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("\"code\":\"http.not_found\""));
        });
    }

    [Test]
    public async Task Get_Stylesheet_MayBeKeptForEver()
    {
        var response = await service.Client.GetAsync(Stylesheet.Path);

        Assert.Multiple(async () =>
        {
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/css"));
            Assert.That(Header(response, "Cache-Control"), Does.Contain("immutable"));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("prefers-color-scheme: dark").And.Contains(".error-summary"));
        });
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));
}
