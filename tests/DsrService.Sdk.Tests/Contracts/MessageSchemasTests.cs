using System.Text.Json;
using System.Text.Json.Nodes;
using DsrService.Sdk.Contracts;
using DsrService.Testing;

namespace DsrService.Sdk.Tests.Contracts;

/// <summary>The schemas describe what is really sent, and nothing else.</summary>
internal sealed class MessageSchemasTests
{
    private static readonly JsonObject Schemas = JsonNode.Parse(MessageSchemas.Document)!["$defs"]!.AsObject();

    [TestCaseSource(typeof(MessageShapeTests), nameof(MessageShapeTests.Messages))]
    public void Document_MessageAsSent_IsValid(string json, Type type) =>
        Assert.That(Wrong(Of(type), JsonNode.Parse(json)), Is.Null);

    [TestCaseSource(typeof(MessageShapeTests), nameof(MessageShapeTests.Messages))]
    public void Document_MemberMissingOrUnknown_IsNotValid(string json, Type type)
    {
        var unknown = JsonNode.Parse(json)!.AsObject();
        unknown["surprise"] = 1;
        Assert.That(Wrong(Of(type), unknown), Does.Contain("surprise"));
        foreach (var member in Of(type)["required"]?.AsArray().Select(name => (string)name!) ?? [])
        {
            var without = JsonNode.Parse(json)!.AsObject();
            without.Remove(member);
            Assert.That(Wrong(Of(type), without), Does.Contain(member));
        }
    }

    [TestCase("action", "\"Erase\"")]
    [TestCase("action", "\"delete\"")]
    [TestCase("attempt", "\"1\"")]
    [TestCase("issuedAt", "5")]
    [TestCase("scope", "{}")]
    public void Document_TaskWithAWrongValue_IsNotValid(string member, string value)
    {
        var task = JsonNode.Parse(JsonSerializer.Serialize(StubSystem.Task(), DsrJson.Options))!.AsObject();
        Assert.That(Wrong(Of(typeof(SystemTask)), task), Is.Null);

        task[member] = JsonNode.Parse(value);

        Assert.That(Wrong(Of(typeof(SystemTask)), task), Does.Contain(member));
    }

    [Test]
    public void Document_EveryMember_SaysWhatItMeans()
    {
        Assert.That(Schemas.SelectMany(schema => Silent(schema.Value!, schema.Key)), Is.Empty);
        Assert.That((string)Of(typeof(SystemTask))["properties"]!["action"]!["description"]!, Does.Contain("`lift-restriction`: End a restriction (Art. 18(3))."));
    }

    private static IEnumerable<string> Silent(JsonNode schema, string path) => (schema["properties"]?.AsObject() ?? []).SelectMany(member =>
        Silent(member.Value!["items"] ?? member.Value!, $"{path}.{member.Key}").Concat(member.Value["description"] is null ? [$"{path}.{member.Key}"] : []));

    private static JsonObject Of(Type type) => Schemas[JsonNamingPolicy.CamelCase.ConvertName(type.Name)]!.AsObject();

    private static string? Wrong(JsonNode schema, JsonNode? value) => JsonSchemaCheck.Wrong(schema, value);
}
