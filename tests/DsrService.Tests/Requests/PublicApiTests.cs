using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace DsrService.Tests.Requests;

internal sealed class PublicApiTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Get_Controllers_TellsWhatAFormNeeds()
    {
        var all = await service.Client.GetFromJsonAsync<JsonElement>("/api/v1/controllers");
        var one = await service.Client.GetFromJsonAsync<JsonElement>("/api/v1/controllers/toontrack");

        Assert.Multiple(() =>
        {
            Assert.That(all.EnumerateArray().Select(item => item.GetProperty("key").GetString()), Does.Contain("toontrack"));
            Assert.That(one.GetProperty("name").GetString(), Is.EqualTo("Toontrack Music AB"));
            Assert.That(Strings(one, "languages"), Does.Contain("en"));
            Assert.That(Strings(one, "rights"), Is.EquivalentTo(new[] { "access", "rectification", "erasure", "restriction", "objection", "portability" }));
            Assert.That(Strings(one, "identifierKinds"), Does.Contain("email").And.Contain("customer-number"));
            Assert.That(one.GetProperty("authority").GetProperty("name").GetString(), Does.Contain("IMY"));
            Assert.That(one.GetProperty("contact").GetString(), Does.Contain("@"));
        });
    }

    [Test]
    public async Task Get_UnknownController_IsNotFound() =>
        Assert.That((await service.Client.GetAsync("/api/v1/controllers/nobody")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

    private static IEnumerable<string?> Strings(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(item => item.GetString());
}
