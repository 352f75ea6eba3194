using System.Text.Json.Nodes;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Api;

/// <summary>What the OpenAPI document says of a route of the systems API, kept beside the route.</summary>
internal sealed record RouteText(string Operation, string Summary, string Description)
{
    /// <summary>The JSON body it reads; null where it reads none or a stream.</summary>
    public Type? Body { get; init; }

    public JsonNode? BodyExample { get; init; }

    /// <summary>What a body that is no JSON holds.</summary>
    public string? Stream { get; init; }

    /// <summary>What it answers with; null where it answers with a document.</summary>
    public Type? Answer { get; init; }

    public JsonNode? AnswerExample { get; init; }

    public string AnswerType { get; init; } = "application/json";

    public required string AnswerText { get; init; }

    public IReadOnlyList<ParameterText> Parameters { get; init; } = [];

    public IReadOnlyList<ProblemText> Problems { get; init; } = [];
}

/// <summary>A parameter of a route, with its JSON schema.</summary>
internal sealed record ParameterText(string Name, string In, bool Required, string Description, JsonObject Schema)
{
    public static readonly ParameterText Id = new("id", "path", true, "The task's `taskId`.", new() { ["type"] = "string", ["format"] = "uuid" });
}

/// <summary>A problem that a route may answer with.</summary>
internal sealed record ProblemText(int Status, string Code, string When)
{
    public static readonly ProblemText NoTask = new(404, "task.not_found", "There is no such task, or it is another system's.");
    public static readonly ProblemText NotSent = new(409, "task.not_sent", "The task has not gone out yet, so nothing can be said of it.");

    /// <summary>Of every route that reads JSON.</summary>
    public static IReadOnlyList<ProblemText> OfBody(int limit) =>
    [
        new(400, "request.invalid", "The body is no JSON of this shape; `errors` says where, by JSON path."),
        new(413, "http.too_large", $"The body has more than {limit} bytes."),
        new(415, "http.unsupported_media_type", "The body is not declared as `application/json`."),
    ];
}

/// <summary>One example of each message; they are of one task.</summary>
internal static class ContractExamples
{
    public static readonly SystemTask Task = new()
    {
        TaskId = Guid.Parse("01932d2f-0000-7000-8000-000000000001"),
        Reference = "DSR-2026-7K3QX9PM",
        Controller = "toontrack",
        System = "webshop",
        Action = TaskAction.Erase,
        Identifiers = [new("email", "ada.lind@example.org", true)],
        Scope =
        [
            new() { Category = "account", Decision = ScopeDecision.Act },
            new() { Category = "orders", Decision = ScopeDecision.Keep, Reason = "17-3-b", Until = new(2033, 12, 31) },
        ],
        IssuedAt = new(2026, 11, 2, 9, 30, 0, TimeSpan.Zero),
        DueAt = new(2026, 11, 12, 9, 30, 0, TimeSpan.Zero),
        Attempt = 1,
        Links = new(Link("accept"), Link("heartbeat"), Link("data"), Link("receipt"), Link("failure")),
    };

    public static readonly Receipt Receipt = new()
    {
        TaskId = Task.TaskId,
        Outcome = ReceiptOutcome.PartlyRetained,
        Items =
        [
            new() { Category = "account", Found = 1, Erased = 1 },
            new() { Category = "orders", Found = 3, Retained = 3, Reason = "Bookkeeping", LegalBasis = "17-3-b", Until = new(2033, 12, 31), Handle = "ledger-4711" },
        ],
        HandledAt = new(2026, 11, 2, 9, 30, 4, TimeSpan.Zero),
        Handler = "webshop 1.2.3",
    };

    private static Uri Link(string step) => new($"https://dsr.example/systems/v1/tasks/{Guid.Parse("01932d2f-0000-7000-8000-000000000001")}/{step}");
}
