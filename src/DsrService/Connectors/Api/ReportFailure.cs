using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Web;

namespace DsrService.Connectors.Api;

/// <summary>A system says that this attempt failed, and when to ask again.</summary>
internal static class ReportFailure
{
    private const int LargestBody = 16 * 1024;

    private sealed record Input(string Code, string? Message, int? RetryAfterSeconds);

    public static void Map(IEndpointRouteBuilder systems) => systems.MapPost("/tasks/{id:guid}/failure", HandleAsync);

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
