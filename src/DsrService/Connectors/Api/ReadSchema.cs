using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Api;

/// <summary>The JSON schemas of all messages, for those who write a system in another language.</summary>
internal static class ReadSchema
{
    public static void Map(IEndpointRouteBuilder systems) =>
        systems.MapGet("/schema", () => TypedResults.Text(MessageSchemas.Document, Type))
        .WithMetadata(new RouteText("readSchema", "The JSON schemas of all messages", "Draft 2020-12, made from the types that are read and written.")
        {
            AnswerType = Type,
            AnswerText = "One document with a schema for each message under `$defs`.",
        });

    private const string Type = "application/schema+json";
}
