using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DsrService.Connectors;
using DsrService.Connectors.Api;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DsrService.Tests.Connectors.Api;

/// <summary>The document says what is there and what is sent, no more and no less. Every other test of this API is held against it
/// by <see cref="ByTheDocument"/>.</summary>
internal sealed class ReadOpenApiTests
{
    [Test]
    public async Task Get_BySystem_EveryRouteAndNoOther()
    {
        var document = await DocumentAsync();

        var routes = ConnectedBench.Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.TrimStart('/').StartsWith("systems/v1", StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {OpenApiDocument.PathOf(route)}"));
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));
        Assert.That(described, Is.EquivalentTo(routes).And.Contains("PUT /systems/v1/tasks/{id}/data/{part}"));
    }

    [Test]
    public async Task Get_WithoutCredential_IsRefused()
    {
        await ConnectedBench.StartAsync();

        Assert.That(await ConnectedBench.SaidAsync(await ConnectedBench.Service.Client.GetAsync("/systems/v1/openapi.json")), Is.EqualTo("401 http.unauthenticated"));
    }

    [Test]
    public async Task Get_Document_IsWhole()
    {
        var document = await DocumentAsync();
        Assert.That((string)document["openapi"]!, Is.EqualTo("3.1.1"));
        foreach (var pointer in All(document).OfType<JsonObject>().Select(node => (string?)node["$ref"]).OfType<string>())
            Assert.That(JsonSchemaCheck.Followed(document, pointer), Is.Not.Null);
        var operations = Operations(document).ToList();
        Assert.That(operations.Select(operation => (string)operation.Value["operationId"]!), Is.Unique);
        foreach (var (path, operation) in operations)
        {
            Assert.That(new[] { operation["summary"], operation["description"] }, Has.None.Null, path);
            Assert.That((operation["parameters"]?.AsArray() ?? []).Where(one => (string)one!["in"]! == "path").Select(one => $"{{{one!["name"]}}}"),
                Is.EquivalentTo(Regex.Matches(path, @"\{\w+\}").Select(match => match.Value)), path);
        }
        foreach (var content in All(document).OfType<JsonObject>().Where(node => node["example"] is not null))
            Assert.That(JsonSchemaCheck.Wrong(content["schema"]!, content["example"], document), Is.Null);
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
            Assert.That(schema!["properties"]!.AsObject().Where(member => member.Value!["description"] is null && name is not "Problem").Select(member => member.Key), Is.Empty, name);
    }

    [Test]
    public async Task Calls_EveryAnswerDescribed_IsReallyGiven()
    {
        await using var bench = await Fulfilment.FulfilmentBench.StartAsync();
        var service = bench.Service;
        var limits = service.Services.GetRequiredService<IOptions<DsrOptions>>().Value;
        (limits.LargestUpload, limits.RateLimits.ChecksPerMinute) = (100, 8);
        var seen = new ByTheDocument(service);
        var added = await service.InScopeAsync(services => services.GetRequiredService<AddSystem>().HandleAsync(new(TestService.Controller, "webshop"), default));
        var system = service.NewClient(bearer: added.Value!.Token, through: seen);
        var erasure = await bench.PlannedAsync(Right.Erasure);
        var access = await bench.PlannedAsync(Right.Access);
        await bench.ApproveAsync(access);
        await bench.SettleAsync();
        var unsent = (await bench.TasksAsync(erasure)).First(task => task is { System: "webshop", Attempt: 0 }).Id;
        var task = bench.Sent.Select(sent => sent.Task).First(one => one.Reference == access && one is { System: "webshop", Action: TaskAction.Access });

        await CallAsync(system, task, unsent);
        system.DefaultRequestHeaders.Authorization = new("Bearer", "no-such-token");
        foreach (var (path, operation) in Operations(seen.Document).Where(one => one.Path.StartsWith('/')))
            (await system.SendAsync(new(new(operation.Parent!.AsObject().First(one => one.Value == operation).Key), path.Replace("{id}", $"{task.TaskId}", StringComparison.Ordinal).Replace("{part}", "rows", StringComparison.Ordinal)))).Dispose();

        var described = Operations(seen.Document).Where(one => one.Path.StartsWith('/')).SelectMany(one => Answers(one.Value));
        Assert.That(seen.Seen.Keys, Is.EquivalentTo(described));
    }

    [Test]
    public async Task Push_TaskAsSent_IsTheWebhookDescribed()
    {
        var document = await DocumentAsync();
        var bench = await ConnectedBench.StartAsync();
        var webhook = document["webhooks"]!["task"]!["post"]!;
        JsonNode? body = null;
        Dictionary<string, string> headers = [];
        await using var peer = await StartAsync(async http =>
        {
            headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            body = await JsonNode.ParseAsync(http.Request.Body);
            http.Response.StatusCode = 202;
        });
        using var connector = new HttpConnector(PushAddressesTests.With("127.0.0.1"), HttpConnectorTests.Breakers(new FakeClock()));

        await connector.SendAsync(Outgoing.Task(Binding.Http, peer.Urls.Single() + "/dsr") with { Task = bench.Task }, default);

        Assert.That(JsonSchemaCheck.Wrong(webhook["requestBody"]!["content"]![headers["Content-Type"]]!["schema"]!, body, document), Is.Null);
        foreach (var parameter in webhook["parameters"]!.AsArray())
            Assert.That(JsonSchemaCheck.Wrong(parameter!["schema"]!, headers[(string)parameter["name"]!]), Is.Null);
        Assert.That(headers.Keys.Except(webhook["parameters"]!.AsArray().Select(one => (string)one!["name"]!), StringComparer.OrdinalIgnoreCase),
            Is.EquivalentTo(new[] { "Host", "Content-Type", "Content-Length" }), "nothing else goes along");
    }

    private static async Task CallAsync(HttpClient system, SystemTask task, Guid unsent)
    {
        foreach (var path in (string[])["schema", "openapi.json", "asyncapi.json", "tasks?state=sent", "tasks?state=done"])
            (await system.GetAsync($"/systems/v1/{path}")).Dispose();
        var receipt = new ReceiptDraft().Complete(task, task.IssuedAt, "webshop 1.0");
        foreach (var id in (string[])["none", $"{Guid.CreateVersion7()}", $"{unsent}", $"{task.TaskId}"])
        {
            foreach (var step in (string[])["accept", "heartbeat"])
                (await system.PostAsync($"/systems/v1/tasks/{id}/{step}", null)).Dispose();
            await PostAsync(system, $"/systems/v1/tasks/{id}/failure", """{"code":"store.unavailable"}""");
        }
        var data = $"/systems/v1/tasks/{task.TaskId}/data";
        var category = task.Scope.First(item => item.Decision == ScopeDecision.Act).Category;
        await PutAsync(system, $"{data}/rows", category, "{}");
        await PutAsync(system, $"{data}/rows", category, new string(' ', 101), "application/octet-stream");
        await PutAsync(system, $"{data}/rows", category, "[]");
        await PutAsync(system, $"{data}/rows", "none", "{}");
        await PutAsync(system, $"{data}/..rows", category, "{}");
        await PutAsync(system, $"{data}/rows", category, "{}", "nothing readable");
        await PutAsync(system, $"/systems/v1/tasks/none/data/rows", category, "{}");
        await PutAsync(system, $"/systems/v1/tasks/{Guid.CreateVersion7()}/data/rows", category, "{}");
        var answer = $"/systems/v1/tasks/{task.TaskId}/receipt";
        foreach (var address in (string[])["/systems/v1/tasks/none/receipt", $"/systems/v1/tasks/{unsent}/receipt", answer])
            await PostAsync(system, address, Json(receipt with { TaskId = address.Contains($"{unsent}", StringComparison.Ordinal) ? unsent : task.TaskId }));
        var other = Guid.CreateVersion7();
        await PostAsync(system, $"/systems/v1/tasks/{other}/receipt", Json(receipt with { TaskId = other }));
        // It handed over a part and says that it found nothing: contradictory. The one that fits counts, another one then does not.
        var honest = new ReceiptDraft().Handed(category, 1).Complete(task, task.IssuedAt, "webshop 1.0");
        await PostAsync(system, answer, Json(honest));
        await PostAsync(system, answer, Json(honest with { Messages = ["another"] }));
        await PutAsync(system, $"{data}/rows", category, "{}");
        foreach (var address in (string[])[answer, $"/systems/v1/tasks/{task.TaskId}/failure", "/systems/v1/subjects/check"])
        {
            await PostAsync(system, address, "{");
            await PostAsync(system, address, new string(' ', (1 << 20) + 1));
            await PostAsync(system, address, "{}", "text/plain");
        }
        for (var times = 0; times < 9; times++)
            await PostAsync(system, "/systems/v1/subjects/check", """{"kind":"email","value":"ada.lind@example.org"}""");
    }

    private static string Json(Receipt receipt) => OpenApiDocument.Written(receipt).ToJsonString();

    private static async Task PostAsync(HttpClient system, string address, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        (await system.PostAsync(address, content)).Dispose();
    }

    private static async Task PutAsync(HttpClient system, string address, string category, string body, string type = "application/x-ndjson")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = content };
        request.Headers.Add("Dsr-Category", category);
        (await system.SendAsync(request)).Dispose();
    }

    private static IEnumerable<string> Answers(JsonNode operation) => operation["responses"]!.AsObject().Where(answer => answer.Key != "5XX").SelectMany(answer =>
        answer.Value!["content"]!["application/problem+json"]?["schema"]!["properties"]!["code"]!["enum"]!.AsArray().Select(code => $"{operation["operationId"]} {answer.Key} {code}")
        ?? [$"{operation["operationId"]} {answer.Key}"]);

    private static IEnumerable<(string Path, JsonNode Value)> Operations(JsonNode document) => document["paths"]!.AsObject().Concat(document["webhooks"]!.AsObject())
        .SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Value!)));

    private static IEnumerable<JsonNode> All(JsonNode node) => (node switch
    {
        JsonObject members => members.Select(member => member.Value),
        JsonArray items => items,
        _ => [],
    }).OfType<JsonNode>().SelectMany(All).Prepend(node);

    private static async Task<JsonNode> DocumentAsync()
    {
        await ConnectedBench.StartAsync();
        using var answer = await ConnectedBench.Client.GetAsync("/systems/v1/openapi.json");
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/vnd.oai.openapi+json"));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/dsr", handle);
        await app.StartAsync();
        return app;
    }
}
