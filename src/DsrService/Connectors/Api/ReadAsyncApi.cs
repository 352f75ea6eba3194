namespace DsrService.Connectors.Api;

/// <summary>The AsyncAPI document of the bus.</summary>
internal static class ReadAsyncApi
{
    public static void Map(IEndpointRouteBuilder systems) => systems
        .MapGet("/asyncapi.json", () => TypedResults.Text(AsyncApiDocument.Make().ToJsonString(new() { WriteIndented = true }), Type))
        .WithMetadata(new RouteText("readAsyncApi", "The bus binding", "The same messages over RabbitMQ: exchanges, queues, headers and what is sealed.")
        {
            AnswerType = Type,
            AnswerText = "An AsyncAPI 3.0 document.",
        });

    private const string Type = "application/vnd.aai.asyncapi+json";
}
