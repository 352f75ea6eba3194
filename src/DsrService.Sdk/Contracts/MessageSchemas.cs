using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace DsrService.Sdk.Contracts;

/// <summary>JSON schemas (draft 2020-12) of every message between the service and connected systems, made from the very types
/// that are read and written: required members, values in kebab case, no other members.</summary>
public static class MessageSchemas
{
    private static readonly Type[] Messages =
    [
        typeof(SystemTask), typeof(SealedSubject), typeof(TaskAccepted), typeof(TaskHeartbeat), typeof(Receipt), typeof(TaskFailure),
        typeof(SubjectStateChanged), typeof(SubjectCheck),
    ];

    private static readonly JsonSchemaExporterOptions Exporting = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Completed };

    private static readonly Lazy<string> All = new(() => Make().ToJsonString(new() { WriteIndented = true }));

    /// <summary>One document with a schema for each message under <c>$defs</c>, named as in JSON, such as <c>systemTask</c>.</summary>
    public static string Document => All.Value;

    /// <summary>The schema of one type as <see cref="DsrJson"/> reads and writes it, with what its documentation says.</summary>
    public static JsonObject Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var schema = DsrJson.Options.GetJsonSchemaAsNode(type, Exporting).AsObject();
        if (XmlTexts.Of(type) is { } text)
            schema["description"] = text;
        return schema;
    }

    private static JsonObject Make()
    {
        var definitions = new JsonObject();
        foreach (var message in Messages)
            definitions[JsonNamingPolicy.CamelCase.ConvertName(message.Name)] = Of(message);
        return new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Messages between DsrService and connected systems",
            ["$defs"] = definitions,
        };
    }

    // What our own converters write is closed to the exporter.
    private static JsonNode Completed(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = context.TypeInfo.Type;
        var known = Nullable.GetUnderlyingType(type) ?? type;
        var written = known switch
        {
            { IsEnum: true } => new JsonObject { ["type"] = "string", ["enum"] = Values(known) },
            _ when known == typeof(DateTimeOffset) => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            _ when known == typeof(Personal<string>) => new JsonObject { ["type"] = "string" },
            _ => null,
        } ?? schema;
        if (schema is JsonObject holder && holder["required"] is JsonArray required)
            Loosen(holder, required, context.TypeInfo);
        if (written is JsonObject described && context.PropertyInfo is { AttributeProvider: MemberInfo member } property
            && Text(property.DeclaringType, member.Name, known) is { } text)
            described["description"] = text;
        return written;
    }

    // What is null is left out when written: to the exporter every parameter of a record is required.
    private static void Loosen(JsonObject schema, JsonArray required, JsonTypeInfo type)
    {
        var optional = type.Properties.Where(property => !property.IsRequired && property.IsGetNullable).Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in required.Where(name => optional.Contains((string)name!)).ToList())
            required.Remove(name);
        if (required.Count == 0)
            schema.Remove("required");
    }

    private static string? Text(Type holder, string member, Type type)
    {
        var values = type.IsEnum
            ? Enum.GetNames(type).Select(name => XmlTexts.OfValue(type, name) is { } said ? $"- `{JsonNamingPolicy.KebabCaseLower.ConvertName(name)}`: {said}" : null).OfType<string>().ToList()
            : [];
        return XmlTexts.Of(holder, member) is not { } text ? null : values.Count == 0 ? text : string.Join('\n', [text, .. values]);
    }

    private static JsonArray Values(Type type) =>
        [.. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.KebabCaseLower.ConvertName(name))];
}
