using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DsrService.Sdk.Contracts;

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

    private static JsonObject Of(Type type) => Schemas[JsonNamingPolicy.CamelCase.ConvertName(type.Name)]!.AsObject();

    // As much of JSON Schema as the document uses; a keyword it does not know fails the test.
    private static string? Wrong(JsonNode schema, JsonNode? value, string path = "$", JsonNode? root = null)
    {
        root ??= schema;
        if (schema["$ref"] is { } reference)
            return Wrong(Followed(root, (string)reference!), value, path, root);
        foreach (var (keyword, rule) in schema.AsObject())
            if (Broken(keyword, rule!, schema, value, path, root) is { } reason)
                return reason;
        return null;
    }

    private static string? Broken(string keyword, JsonNode rule, JsonNode schema, JsonNode? value, string path, JsonNode root) => keyword switch
    {
        "type" => Kinds(rule).Contains(Kind(value)) || Kind(value) == "integer" && Kinds(rule).Contains("number") ? null : $"{path} is {Kind(value)}",
        "enum" => rule.AsArray().Any(one => JsonNode.DeepEquals(one, value)) ? null : $"{path} has another value",
        "required" => value is JsonObject given && rule.AsArray().FirstOrDefault(name => !given.ContainsKey((string)name!)) is { } missing ? $"{path}.{missing} is missing" : null,
        "additionalProperties" => value is JsonObject given && !(bool)rule && given.FirstOrDefault(member => schema["properties"]?[member.Key] is null).Key is { } extra ? $"{path}.{extra} is unknown" : null,
        "properties" => value is JsonObject given ? given.Where(member => rule[member.Key] is JsonObject).Select(member => Wrong(rule[member.Key]!, member.Value, $"{path}.{member.Key}", root)).FirstOrDefault(reason => reason is not null) : null,
        "items" => value is JsonArray list ? list.Select((item, index) => Wrong(rule, item, $"{path}[{index}]", root)).FirstOrDefault(reason => reason is not null) : null,
        "format" => Format((string)rule!, value) ? null : $"{path} is no {rule}",
        "default" or "pattern" => null,
        _ => throw new InvalidOperationException($"The schemas use '{keyword}'."),
    };

    private static bool Format(string format, JsonNode? value) => value is null || format switch
    {
        "date-time" => DateTimeOffset.TryParse((string)value!, CultureInfo.InvariantCulture, out _),
        "date" => DateOnly.TryParseExact((string)value!, "yyyy-MM-dd", out _),
        "uuid" => Guid.TryParse((string)value!, out _),
        "uri" => Uri.TryCreate((string)value!, UriKind.RelativeOrAbsolute, out _),
        _ => throw new InvalidOperationException($"The schemas use the format '{format}'."),
    };

    private static string[] Kinds(JsonNode rule) => rule is JsonArray list ? [.. list.Select(one => (string)one!)] : [(string)rule!];

    private static string Kind(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Number => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString()!.ToLowerInvariant(),
    };

    private static JsonNode Followed(JsonNode root, string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(root, (node, step) => node[step]!);
}
