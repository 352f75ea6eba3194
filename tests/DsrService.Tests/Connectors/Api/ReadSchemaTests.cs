using System.Net;
using System.Text.Json.Nodes;

namespace DsrService.Tests.Connectors.Api;

internal sealed class ReadSchemaTests
{
    [Test]
    public async Task Get_BySystem_DescribesEveryMessage()
    {
        await ConnectedBench.StartAsync();

        using var answer = await ConnectedBench.Client.GetAsync("/systems/v1/schema");

        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/schema+json"));
        var text = await answer.Content.ReadAsStringAsync();
        var definitions = JsonNode.Parse(text)!["$defs"]!.AsObject();
        Assert.That(definitions.Select(definition => definition.Key), Is.SupersetOf(new[] { "systemTask", "receipt", "taskFailure", "subjectCheck" }));
        Assert.That(definitions["systemTask"]!["properties"]!["action"]!["enum"]!.AsArray().Select(value => (string)value!), Does.Contain("lift-restriction"));
        Assert.That(text, Does.Not.Contain("$ref"), "a pointer would lead nowhere from within the one document");
    }

    [Test]
    public async Task Get_WithoutCredential_IsRefused()
    {
        await ConnectedBench.StartAsync();

        using var answer = await ConnectedBench.Service.Client.GetAsync("/systems/v1/schema");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }
}
