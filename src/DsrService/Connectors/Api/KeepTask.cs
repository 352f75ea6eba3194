using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Web;

namespace DsrService.Connectors.Api;

/// <summary>A system says that it is still at work on a task.</summary>
internal static class KeepTask
{
    public static void Map(IEndpointRouteBuilder systems) => systems.MapPost("/tasks/{id:guid}/heartbeat", HandleAsync).WithMetadata(
        new RouteText("keepTask", "The system is still at work", "Lengthens the time before the task comes again. Send it every few minutes while work lasts; it counts once the task is accepted.")
        {
            Parameters = [ParameterText.Id],
            Answer = typeof(TaskOutput),
            AnswerText = "The task as it stands now.",
            Problems = [ProblemText.NoTask],
        });

    private static async Task<IResult> HandleAsync(Guid id, SystemCaller caller, RecordAcceptance operation, CancellationToken cancel) =>
        (await operation.HandleAsync(caller.Controller, caller.System, new TaskHeartbeat(id), cancel)).ToHttp();
}
