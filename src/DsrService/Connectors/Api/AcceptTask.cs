using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Web;

namespace DsrService.Connectors.Api;

/// <summary>A system says that it has a task and will answer.</summary>
internal static class AcceptTask
{
    public static void Map(IEndpointRouteBuilder systems) => systems.MapPost("/tasks/{id:guid}/accept", HandleAsync).WithMetadata(
        new RouteText("acceptTask", "The system has the task and will answer", "Leaves the system in peace for a while: the task comes again only after a longer silence. Optional; a receipt says as much.")
        {
            Parameters = [ParameterText.Id],
            Answer = typeof(TaskOutput),
            AnswerText = "The task as it stands now.",
            Problems = [ProblemText.NoTask, ProblemText.NotSent],
        });

    private static async Task<IResult> HandleAsync(Guid id, SystemCaller caller, RecordAcceptance operation, CancellationToken cancel) =>
        (await operation.HandleAsync(caller.Controller, caller.System, new TaskAccepted(id), cancel)).ToHttp();
}
