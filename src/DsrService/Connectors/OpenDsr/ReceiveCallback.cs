using DsrService.Data;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Sdk.Contracts;
using DsrService.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Connectors.OpenDsr;

/// <summary>A peer tells that the status of a request has changed. Its word is believed once the signature over the raw bytes is
/// its own; what follows from it is read from the peer itself, at once.</summary>
internal sealed class ReceiveCallback(
    DsrDbContext db, DataMaps maps, OpenDsrPeers peers, PeerDiscoveries discoveries, RecordAcceptance acceptance, WorkSignal signal, IOptions<DsrOptions> options, TimeProvider time)
{
    private const int LargestBody = 1 << 20;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/opendsr/callbacks/{controller}/{system}", async (
        string controller, string system, HttpRequest http, ReceiveCallback operation, CancellationToken cancel) =>
    {
        var body = await JsonBody.ReadBytesAsync(http, LargestBody, cancel);
        if (body.Failed)
            return body.Failure.ToProblem();
        var failure = await operation.HandleAsync(controller, system, body.Value, OpenDsrHeaders.Read(name => http.Headers[name]), cancel);
        return failure is null ? Results.StatusCode(StatusCodes.Status202Accepted) : failure.ToProblem();
    });

    /// <summary>Null where it was taken in.</summary>
    public async Task<Failure?> HandleAsync(string controller, string system, byte[] body, OpenDsrHeaders? headers, CancellationToken cancel)
    {
        // Whoever is not on the list learns no more than that.
        if (await maps.CurrentAsync(controller, cancel) is not { } current || await peers.FindAsync(current.Map, system, cancel) is not { } peer)
            return new("opendsr.domain_not_allowed", "This processor domain does not speak here.", StatusCodes.Status401Unauthorized);
        if (await CheckAsync(peer, body, headers, cancel) is { } problem)
            return problem;
        if (OpenDsrJson.Read<OpenDsrStatus>(body) is not { } said || PeerBodies.Status(said) is not { } status || !Guid.TryParseExact(said.SubjectRequestId, "D", out var id))
            return new("opendsr.callback_unreadable", "The body is no status of a request.", StatusCodes.Status400BadRequest);
        // Signed for another controller's address it would be a word spoken elsewhere.
        if (said.StatusCallbackUrl != AskPeer.CallbackAddress(options.Value, controller, system).AbsoluteUri)
            return new("opendsr.other_callback", "The callback is for another address.", StatusCodes.Status400BadRequest);
        await TakeInAsync(controller, system, id, status, cancel);
        return null;
    }

    private async Task<Failure?> CheckAsync(OpenDsrPeer peer, byte[] body, OpenDsrHeaders? headers, CancellationToken cancel)
    {
        try
        {
            return await discoveries.CheckAsync(peer, body, headers, cancel);
        }
        catch (HttpRequestException)
        {
            return new("opendsr.discovery_unreadable", "The processor's certificate cannot be fetched.", StatusCodes.Status401Unauthorized);
        }
    }

    // An id that is not the peer's is answered like any other: it changes nothing.
    private async Task TakeInAsync(string controller, string system, Guid id, PeerStatus status, CancellationToken cancel)
    {
        var task = await (from request in db.Set<PeerRequest>()
                          join row in db.Set<RequestTask>() on request.TaskId equals row.Id
                          where request.Id == id && row.Controller == controller && row.System == system
                          select (Guid?)row.Id).SingleOrDefaultAsync(cancel);
        if (task is not { } known)
            return;
        var now = time.GetUtcNow();
        // It may be quicker than the answer to the request itself.
        await db.Set<PeerRequest>().Where(row => row.Id == id)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.TakenAt, row => row.TakenAt ?? now), cancel);
        await acceptance.HandleAsync(controller, system, new TaskAccepted(known), cancel);
        if (status is PeerStatus.Pending or PeerStatus.InProgress)
        {
            await acceptance.HandleAsync(controller, system, new TaskHeartbeat(known), cancel);
            return;
        }
        await db.Set<RequestTask>()
            .Where(row => row.Id == known && row.Binding == Binding.Opendsr && row.Outcome == null && row.ReplacedBy == null && row.State == TaskState.Accepted)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.NextAttemptAt, now).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null), cancel);
        signal.Raise();
    }
}
