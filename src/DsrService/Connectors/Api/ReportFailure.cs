using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Web;

namespace DsrService.Connectors.Api;

/// <summary>A system says that this attempt failed, and when to ask again.</summary>
internal static class ReportFailure
{
    private const int LargestBody = 16 * 1024;

    /// <param name="Code">Stable, such as <c>store.unavailable</c>: letters, digits, dots, hyphens and underscores, at most 80.</param>
    /// <param name="Message">For the agent, who reads it with the task until it is sent again; 2000 characters at most are kept. No personal data.</param>
    /// <param name="RetryAfterSeconds">When to ask again, in seconds; absent leaves it to the service.</param>
    internal sealed record Input(string Code, string? Message, int? RetryAfterSeconds);

    public static void Map(IEndpointRouteBuilder systems) => systems.MapPost("/tasks/{id:guid}/failure", HandleAsync).WithMetadata(
        new RouteText("reportFailure", "This attempt failed", "The task comes again: after `retryAfterSeconds`, at most seven days, or when the service thinks right.")
        {
            Parameters = [ParameterText.Id],
            Body = typeof(Input),
            BodyExample = OpenApiDocument.Written(new Input("store.unavailable", null, 600)),
            Answer = typeof(TaskOutput),
            AnswerText = "The task as it stands now.",
            Problems = [.. ProblemText.OfBody(LargestBody), ProblemText.NoTask, ProblemText.NotSent],
        });

    private static async Task<IResult> HandleAsync(Guid id, HttpRequest http, SystemCaller caller, RecordFailure operation, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync<Input>(http, LargestBody, cancel);
        if (body.Failed)
            return body.Failure.ToProblem();
        if (string.IsNullOrWhiteSpace(body.Value.Code))
            return Failure.Invalid(new Dictionary<string, string[]> { ["code"] = ["Needed: a stable code such as store.unavailable."] }).ToProblem();
        var message = new TaskFailure(id, body.Value.Code, body.Value.Message, body.Value.RetryAfterSeconds);
        return (await operation.HandleAsync(caller.Controller, caller.System, message, cancel)).ToHttp();
    }
}
