using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

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

    private static JsonObject Make()
    {
        var definitions = new JsonObject();
        foreach (var message in Messages)
            definitions[JsonNamingPolicy.CamelCase.ConvertName(message.Name)] = DsrJson.Options.GetJsonSchemaAsNode(message, Exporting);
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
        };
        return written ?? schema;
    }

    private static JsonArray Values(Type type) =>
        [.. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.KebabCaseLower.ConvertName(name))];
}
