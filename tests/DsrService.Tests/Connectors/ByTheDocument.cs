using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DsrService.Connectors.Api;
using DsrService.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors;

/// <summary>Holds every call of the systems API against the OpenAPI document: what was sent and taken, the status, the code and the
/// shape of what came back. The test whose call differs fails.</summary>
internal sealed class ByTheDocument(TestService service) : DelegatingHandler
{
    private readonly JsonObject document = new OpenApiDocument(service.Services.GetRequiredService<EndpointDataSource>()).Make();

    public JsonNode Document => document;

    /// <summary>Operation and status, with the code of a problem, of every call so far.</summary>
    public ConcurrentDictionary<string, bool> Seen { get; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var sent = request.Content is { Headers.ContentType.MediaType: "application/json" } content ? await content.ReadAsStringAsync(cancel) : null;
        var response = await base.SendAsync(request, cancel);
        await response.Content.LoadIntoBufferAsync(cancel);
        if (Operation(request) is { } operation)
            await HoldAsync(operation, sent, response);
        return response;
    }

    private JsonNode? Operation(HttpRequestMessage request) => document["paths"]!.AsObject()
        .Where(path => Regex.IsMatch(request.RequestUri!.AbsolutePath, $"^{Regex.Replace(path.Key, @"\{\w+\}", "[^/]+")}$"))
        .Select(path => path.Value![request.Method.Method.ToLowerInvariant()]).FirstOrDefault();

    private async Task HoldAsync(JsonNode operation, string? sent, HttpResponseMessage response)
    {
        var name = $"{operation["operationId"]} {(int)response.StatusCode}";
        var described = operation["responses"]![$"{(int)response.StatusCode}"]?["content"]?[response.Content.Headers.ContentType?.MediaType ?? ""];
        Assert.That(described, Is.Not.Null, $"{name} {response.Content.Headers.ContentType} is not in the document");
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        Assert.That(JsonSchemaCheck.Wrong(described!["schema"]!, body, document), Is.Null, name);
        if (response.IsSuccessStatusCode && operation["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema)
            Assert.That(JsonSchemaCheck.Wrong(schema, JsonNode.Parse(sent!), document), Is.Null, $"{name} took what the document does not");
        Seen[response.IsSuccessStatusCode ? name : $"{name} {body!["code"]}"] = true;
    }
}
