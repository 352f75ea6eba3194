using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Web;

namespace DsrService.Connectors.Api;

/// <summary>A system says that it is still at work on a task.</summary>
internal static class KeepTask
{
    public static void Map(IEndpointRouteBuilder systems) => systems.MapPost("/tasks/{id:guid}/heartbeat", HandleAsync);

    private static async Task<IResult> HandleAsync(Guid id, SystemCaller caller, RecordAcceptance operation, CancellationToken cancel) =>
        (await operation.HandleAsync(caller.Controller, caller.System, new TaskHeartbeat(id), cancel)).ToHttp();
}
