using System.Security.Cryptography;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Web;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.Api;

/// <summary>A system says what became of a task. Identifiers may come open here, or sealed as on the bus.</summary>
internal static class SendReceipt
{
    private const int LargestBody = 1 << 20;

    public static void Map(IEndpointRouteBuilder systems) => systems.MapPost("/tasks/{id:guid}/receipt", HandleAsync).WithMetadata(
        new RouteText("sendReceipt", "What became of the task", "The one answer that counts. The same receipt may come again; a different one is refused. Identifiers may come open, or sealed as on the bus.")
        {
            Parameters = [ParameterText.Id],
            Body = typeof(Receipt),
            BodyExample = OpenApiDocument.Written(ContractExamples.Receipt),
            Answer = typeof(TaskOutput),
            AnswerText = "Counted; the task as it stands now.",
            Problems =
            [
                .. ProblemText.OfBody(LargestBody), ProblemText.NoTask, ProblemText.NotSent,
                new(409, "receipt.contradicts_earlier", "A different receipt for this task has been counted already."),
                new(422, "receipt.contradictory", "The receipt contradicts its task or itself: found is not the sum of what happened, kept without a reason, handed is not what was uploaded, a category that the data map does not know here. `errors` says which; the task counts as failed, comes again as after `/failure`, and still takes a receipt that is right."),
            ],
        });

    private static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, SystemCaller caller, RecordReceipt operation, RecordFailure failures, DsrDbContext db, KeyRing ring, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync<Receipt>(http, LargestBody, cancel);
        if (body.Failed)
            return body.Failure.ToProblem();
        var opened = body.Value.TaskId == id
            ? await OpenAsync(body.Value, caller, db, ring, cancel)
            : Contradiction("taskId", "The receipt answers another task than its address does.");
        var recorded = opened.Failed ? opened.Failure : await operation.HandleAsync(caller.Controller, caller.System, opened.Value, cancel);
        // Whoever owns the system may not be reading its answers: the agent who waits for it sees the reasons at the task.
        if (recorded.Failure is { Status: StatusCodes.Status422UnprocessableEntity } refusal)
            await failures.HandleAsync(caller.Controller, caller.System, refusal.AtTask(id), cancel);
        return recorded.ToHttp();
    }

    private static async Task<Result<Receipt>> OpenAsync(Receipt receipt, SystemCaller caller, DsrDbContext db, KeyRing ring, CancellationToken cancel)
    {
        if (receipt.Sealed is null)
            return receipt;
        var system = await db.Set<ConnectedSystem>().AsNoTracking()
            .SingleAsync(row => row.Controller == caller.Controller && row.System == caller.System, cancel);
        try
        {
            return SubjectSeal.Open(receipt, [ring.OpenSealingKey(system)]);
        }
        catch (CryptographicException)
        {
            return Contradiction("sealed", "The identifiers are not sealed for this task under the system's key.");
        }
    }

    private static Failure Contradiction(string path, string message) =>
        new("receipt.contradictory", "The receipt contradicts its task or itself.", StatusCodes.Status422UnprocessableEntity)
        {
            Errors = new Dictionary<string, string[]> { [path] = [message] },
        };
}
