using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Api;

/// <summary>The JSON schemas of all messages, for those who write a system in another language.</summary>
internal static class ReadSchema
{
    public static void Map(IEndpointRouteBuilder systems) =>
        systems.MapGet("/schema", () => TypedResults.Text(MessageSchemas.Document, "application/schema+json"));
}
