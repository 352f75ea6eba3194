namespace DsrService.Connectors.Api;

/// <summary>The OpenAPI document of this API and of the webhook.</summary>
internal static class ReadOpenApi
{
    public static void Map(IEndpointRouteBuilder systems) => systems
        .MapGet("/openapi.json", (EndpointDataSource routes) => TypedResults.Text(new OpenApiDocument(routes).Make().ToJsonString(new() { WriteIndented = true }), Type))
        .WithMetadata(new RouteText("readOpenApi", "This document", "Made from the routes that are mapped and the types that are read and written.")
        {
            AnswerType = Type,
            AnswerText = "An OpenAPI 3.1 document.",
        });

    private const string Type = "application/vnd.oai.openapi+json";
}
