using System.Text.Json.Nodes;
using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Web;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.Api;

/// <summary>The tasks that wait for a system, oldest first; for systems that nobody can reach from outside.</summary>
internal sealed class FetchTasks(DsrDbContext db, OpenTasks open, TimeProvider time)
{
    private const int AtOnce = 50;

    public static void Map(IEndpointRouteBuilder systems) => systems.MapGet("/tasks", async (
        string? state, SystemCaller caller, FetchTasks operation, CancellationToken cancel) =>
        state is null or "sent"
            ? TypedResults.Json(await operation.HandleAsync(caller, cancel), DsrJson.Options)
            : (IResult)Failure.Invalid(new Dictionary<string, string[]> { ["state"] = ["Not one of: sent."] }).ToProblem())
        .WithMetadata(new RouteText("fetchTasks", "The tasks that wait for this system", "For systems that nobody can reach from outside (pull binding): ask every minute or so. A task stays in the list until it is accepted or answered.")
        {
            Parameters = [new("state", "query", false, "Only `sent` is known, and is what is meant without it.", new() { ["type"] = "string", ["enum"] = new JsonArray("sent") })],
            Answer = typeof(SystemTask[]),
            AnswerExample = new JsonArray(OpenApiDocument.Written(ContractExamples.Task)),
            AnswerText = "At most 50, oldest first.",
            Problems = [new(400, "request.invalid", "There is no such state.")],
        });

    public async Task<IReadOnlyList<SystemTask>> HandleAsync(SystemCaller caller, CancellationToken cancel)
    {
        var waiting = await (
            // What outlives its request was sent only where the dispatcher may send it.
            from live in LiveTask.In(db, RequestStatus.Planned, RequestStatus.InProgress).AsNoTracking()
            where live.Task.Controller == caller.Controller && live.Task.System == caller.System && live.Task.State == TaskState.Sent && !live.Request.OnHold
                && !db.Set<SystemStop>().Any(stop => stop.Controller == live.Task.Controller && (stop.System == SystemStop.All || stop.System == live.Task.System))
            orderby live.Task.Id
            select live.Task).Take(AtOnce).ToListAsync(cancel);
        var opened = await open.HandleAsync(waiting, time.GetUtcNow(), cancel);
        return [.. opened.Select(task => task.Task)];
    }
}
