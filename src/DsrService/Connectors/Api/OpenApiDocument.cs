using System.Text.Json;
using System.Text.Json.Nodes;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;

namespace DsrService.Connectors.Api;

/// <summary>The OpenAPI 3.1 document of the HTTP side, made from the routes that are really mapped and the types that are really
/// read and written.</summary>
internal sealed class OpenApiDocument(EndpointDataSource routes)
{
    public const string Root = "/systems/v1";
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    private const string About = """
        How a connected system answers the tasks of DsrService over HTTP, and how tasks are pushed to it.

        A system gets its tasks in one of three ways: it fetches them (`GET /systems/v1/tasks`), they are pushed to its address (the webhook
        below), or they come over the bus (`asyncapi.json`). It answers at the task's own `links`, which are addresses of this API: accept or
        heartbeat while it works, data in parts where something is handed over, and in the end one receipt, or a failure.

        Every call may be made again: a task, a part and a receipt have one effect each. Counts are numbers of records. Instants are UTC with `Z`;
        legal dates are `yyyy-MM-dd`. Members in camelCase, values in kebab case; unknown members are refused. Errors are problem documents
        (RFC 9457) with a stable `code`. No personal data belongs in codes, messages, handles, part names or addresses.

        Whom a task is about: any of its identifiers with `verified: true` may find the person. One with `verified: false` finds nobody, but for
        `stop-processing`, `locate` and `verify`, since an objection to marketing needs no proof of identity. Keep with each task's id which records
        it changed: `verify` names the person as before the change it asks about, with the `corrections` of a rectification, and a task that you do not
        know counts as an erasure. Categories that `scope` does not name are left alone. What it says to keep is kept for no longer than its `until`,
        one item for each category with the last day of its records and one handle for all of them; on the day after, an `erase` comes with that handle
        and no identifiers. `reason` within an item of `scope` says by which rule of the law it is kept, restricted or told of. A `preview` changes and
        hands over nothing: its counts say what would be, in the same members.
        """;

    private readonly JsonObject schemas = [];

    public JsonObject Make()
    {
        var paths = new JsonObject();
        foreach (var route in routes.Endpoints.OfType<RouteEndpoint>().Where(IsOurs).OrderBy(PathOf, StringComparer.Ordinal))
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var path = paths[PathOf(route)] as JsonObject ?? [];
                paths[PathOf(route)] = path;
                path[method.ToLowerInvariant()] = Operation(route.Metadata.GetRequiredMetadata<RouteText>());
            }
        var webhook = Webhook();
        schemas["Problem"] = ProblemSchema(null);
        return new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "DsrService: connected systems over HTTP", ["version"] = "1", ["description"] = About },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "The service that serves this document" }),
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["webhooks"] = new JsonObject { ["task"] = new JsonObject { ["post"] = webhook } },
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "The system's own token, shown once by `system add`." },
                },
                ["schemas"] = schemas,
            },
        };
    }

    public static string PathOf(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            _ => throw new InvalidOperationException("The systems API has no such routes."),
        }))));

    public static bool IsOurs(RouteEndpoint route) =>
        PathOf(route).StartsWith($"{Root}/", StringComparison.Ordinal) && route.Metadata.GetMetadata<HttpMethodMetadata>() is not null;

    private JsonObject Operation(RouteText text)
    {
        var operation = new JsonObject { ["operationId"] = text.Operation, ["summary"] = text.Summary, ["description"] = text.Description };
        if (text.Parameters.Count > 0)
            operation["parameters"] = new JsonArray([.. text.Parameters.Select(Parameter)]);
        if (text.Body is { } body)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(Json, Refer(body), text.BodyExample) };
        if (text.Stream is { } stream)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["description"] = stream, ["content"] = new JsonObject { ["application/x-ndjson"] = new JsonObject(), ["*/*"] = new JsonObject() } };
        var responses = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = text.AnswerText, ["content"] = Content(text.AnswerType, text.Answer is null ? new() { ["type"] = "object" } : Refer(text.Answer), text.AnswerExample) },
        };
        foreach (var status in Problems(text).GroupBy(problem => problem.Status).OrderBy(group => group.Key))
            responses[$"{status.Key}"] = Problem([.. status]);
        responses["5XX"] = new JsonObject
        {
            ["description"] = "Something went wrong here and nothing was half done: try again later, with longer and longer pauses.",
            ["content"] = Content(ProblemJson, Pointer("Problem")),
        };
        operation["responses"] = responses;
        return operation;
    }

    private static IEnumerable<ProblemText> Problems(RouteText text) =>
    [
        new(401, "http.unauthenticated", "There is no token, or no system has this one."),
        .. text.Parameters.Contains(ParameterText.Id) ? [new ProblemText(404, "http.not_found", "The id in the path is no UUID.")] : (ProblemText[])[],
        .. text.Problems,
    ];

    // The body of a task that is pushed: identifiers are open, since the connection is private.
    private JsonObject Webhook()
    {
        schemas["PushedTask"] = Pushed();
        return new()
        {
            ["operationId"] = "pushTask",
            ["summary"] = "A task for the system, pushed to its address (http binding)",
            ["description"] = """
                Signed as Standard Webhooks 1.0.0 has it: check the signature over the raw body, the timestamp within five minutes of the true time, and
                compare in constant time. The same task comes again, with the same `webhook-id` and a higher `attempt`, until it is accepted or answered, over
                days if need be; it must have one effect. Redirects are not followed; the answer is awaited for 15 seconds and read up to 1048576 bytes.
                """,
            ["security"] = new JsonArray(),
            ["parameters"] = new JsonArray(
                Parameter(new(StandardWebhooks.IdHeader, "header", true, "`task_` and the task's id without hyphens: the same for every attempt.", new() { ["type"] = "string", ["pattern"] = "^task_[0-9a-f]{32}$" })),
                Parameter(new(StandardWebhooks.TimestampHeader, "header", true, "Seconds since 1970 (UTC) of this attempt.", new() { ["type"] = "string", ["pattern"] = "^[0-9]+$" })),
                Parameter(new(StandardWebhooks.SignatureHeader, "header", true,
                    "`v1,` and base64 of HMAC-SHA256 over `webhook-id.webhook-timestamp.body` under the webhook secret. While the secret is being changed there are two, parted by a space; one that fits is enough.",
                    new() { ["type"] = "string", ["pattern"] = "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$" }))),
            ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(Json, Pointer("PushedTask"), Written(ContractExamples.Task)) },
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject { ["description"] = "Done, with the receipt, identifiers open.", ["content"] = Content(Json, Refer(typeof(Receipt)), Written(ContractExamples.Receipt)) },
                ["202"] = new JsonObject { ["description"] = "Taken; the receipt follows at `links.receipt`." },
                ["4XX"] = new JsonObject { ["description"] = "This attempt failed. The task comes again later, since most such errors are mended in time." },
                ["5XX"] = new JsonObject
                {
                    ["description"] = "This attempt failed. The task comes again later.",
                    ["headers"] = new JsonObject { ["Retry-After"] = new JsonObject { ["description"] = "Seconds, or a date: not before then.", ["schema"] = new JsonObject { ["type"] = "string" } } },
                },
            },
        };
    }

    private static JsonObject Pushed()
    {
        var task = MessageSchemas.Of(typeof(SystemTask));
        task["properties"]!.AsObject().Remove("sealed");
        task["required"]!.AsArray().Add("identifiers");
        task["required"]!.AsArray().Add("links");
        return task;
    }

    private static JsonObject Problem(IReadOnlyList<ProblemText> problems)
    {
        var response = new JsonObject
        {
            ["description"] = string.Join('\n', problems.Select(problem => $"- `{problem.Code}`: {problem.When}")),
            ["content"] = Content(ProblemJson, ProblemSchema(problems)),
        };
        if (problems[0].Status is 401)
            response["headers"] = Header("WWW-Authenticate", "`Bearer`", new() { ["type"] = "string" });
        if (problems[0].Status is 429)
            response["headers"] = Header("Retry-After", "Seconds to wait.", new() { ["type"] = "integer" });
        return response;
    }

    private static JsonObject Header(string name, string description, JsonObject schema) =>
        new() { [name] = new JsonObject { ["description"] = description, ["schema"] = schema } };

    private static JsonObject ProblemSchema(IReadOnlyList<ProblemText>? problems)
    {
        var code = new JsonObject { ["type"] = "string", ["description"] = "Stable, such as `task.not_found`." };
        if (problems is not null)
            code["enum"] = new JsonArray([.. problems.Select(problem => (JsonNode)problem.Code)]);
        return new()
        {
            ["type"] = "object",
            ["required"] = new JsonArray("type", "title", "status", "code"),
            ["properties"] = new JsonObject
            {
                ["type"] = new JsonObject { ["type"] = "string", ["description"] = "`urn:dsr:problem:` and the code." },
                ["title"] = new JsonObject { ["type"] = "string", ["description"] = "What is wrong, for people. Nothing personal." },
                ["status"] = new JsonObject { ["type"] = "integer" },
                ["code"] = code,
                ["errors"] = new JsonObject
                {
                    ["type"] = "object",
                    ["description"] = "What is wrong with which member, by JSON path such as `items[0].found`.",
                    ["additionalProperties"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
                },
                ["retryAfterSeconds"] = new JsonObject { ["type"] = "integer", ["description"] = "When to come again, in seconds." },
            },
        };
    }

    private static JsonObject Parameter(ParameterText text) => new()
    {
        ["name"] = text.Name,
        ["in"] = text.In,
        ["required"] = text.Required,
        ["description"] = text.Description,
        ["schema"] = text.Schema.DeepClone(),
    };

    private static JsonObject Content(string type, JsonObject schema, JsonNode? example = null)
    {
        var content = new JsonObject { ["schema"] = schema };
        if (example is not null)
            content["example"] = example.DeepClone();
        return new() { [type] = content };
    }

    // A list is of a schema of its own; types within a class are called after it too.
    private JsonObject Refer(Type type)
    {
        if (type.IsArray)
            return new() { ["type"] = "array", ["items"] = Refer(type.GetElementType()!) };
        var name = type.DeclaringType?.Name + type.Name;
        if (!schemas.ContainsKey(name))
            schemas[name] = MessageSchemas.Of(type);
        return Pointer(name);
    }

    private static JsonObject Pointer(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    public static JsonNode Written<T>(T value) => JsonSerializer.SerializeToNode(value, DsrJson.Options)!;
}
