using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Web;

namespace DsrService.Connectors.Api;

/// <summary>A system says that it has a task and will answer.</summary>
internal static class AcceptTask
{
    public static void Map(IEndpointRouteBuilder systems) => systems.MapPost("/tasks/{id:guid}/accept", HandleAsync);

    private static async Task<IResult> HandleAsync(Guid id, SystemCaller caller, RecordAcceptance operation, CancellationToken cancel) =>
        (await operation.HandleAsync(caller.Controller, caller.System, new TaskAccepted(id), cancel)).ToHttp();
}
