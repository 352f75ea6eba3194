using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DsrService.Testing;

/// <summary>As much of JSON Schema as our documents use; a keyword or a format it does not know fails the test.</summary>
internal static class JsonSchemaCheck
{
    /// <summary>What is wrong with the value, or null. Pointers lead into the root.</summary>
    public static string? Wrong(JsonNode schema, JsonNode? value, JsonNode? root = null) => Wrong(schema, value, "$", root ?? schema);

    /// <summary>What a pointer such as <c>#/$defs/receipt</c> leads to.</summary>
    public static JsonNode Followed(JsonNode root, string pointer) => pointer.TrimStart('#', '/').Split('/')
        .Aggregate(root, (node, step) => node[step.Replace("~1", "/", StringComparison.Ordinal)] ?? throw new InvalidOperationException($"{pointer} leads nowhere."));

    private static string? Wrong(JsonNode schema, JsonNode? value, string path, JsonNode root)
    {
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
        "additionalProperties" => value is JsonObject given ? Extra(rule, schema, given, path, root) : null,
        "properties" => value is JsonObject given ? given.Where(member => rule[member.Key] is JsonObject).Select(member => Wrong(rule[member.Key]!, member.Value, $"{path}.{member.Key}", root)).FirstOrDefault(reason => reason is not null) : null,
        "items" => value is JsonArray list ? list.Select((item, index) => Wrong(rule, item, $"{path}[{index}]", root)).FirstOrDefault(reason => reason is not null) : null,
        "format" => Format((string)rule!, value) ? null : $"{path} is no {rule}",
        "pattern" => value is not JsonValue text || text.GetValueKind() != JsonValueKind.String || Regex.IsMatch((string)text!, (string)rule!) ? null : $"{path} is not of the pattern",
        "default" or "description" or "title" => null,
        _ => throw new InvalidOperationException($"The schemas use '{keyword}'."),
    };

    private static string? Extra(JsonNode rule, JsonNode schema, JsonObject given, string path, JsonNode root)
    {
        foreach (var (name, value) in given.Where(member => schema["properties"]?[member.Key] is null))
            if ((rule is JsonValue ? (bool)rule ? null : $"{path}.{name} is unknown" : Wrong(rule, value, $"{path}.{name}", root))
                is { } reason)
                return reason;
        return null;
    }

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
}
