using System.Globalization;
using System.Net;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Connectors.OpenDsr;

/// <summary>One attempt of a task at a peer. Until the peer has said that it has the request, the request is sent, always under
/// the same id; from then on its status is asked for.</summary>
internal sealed class AskPeer(
    DsrDbContext db, DataMaps maps, OpenDsrPeers peers, PeerDiscoveries discoveries, OpenDsrHttp http, ReadPeerStatus statuses, IOptions<DsrOptions> options, TimeProvider time)
{
    public async Task<SendResult> HandleAsync(OutgoingTask outgoing, CancellationToken cancel)
    {
        var task = outgoing.Task;
        var about = await db.Set<DataSubjectRequest>().AsNoTracking().Where(request => request.Id == outgoing.RequestId)
            .Select(request => new { request.DataMapVersion, request.ReceivedAt }).SingleAsync(cancel);
        if (await peers.FindAsync(await maps.ForAsync(about.DataMapVersion, cancel), task.System, cancel) is not { } peer)
            return new SendResult.Failed("connector.no_address");
        var request = await KeepAsync(task.TaskId, cancel);
        return request.TakenAt is null
            ? await SubmitAsync(peer, task, request, about.ReceivedAt, cancel)
            : await statuses.HandleAsync(peer, outgoing, request, cancel);
    }

    /// <summary>Where the peer tells of a change.</summary>
    public static Uri CallbackAddress(DsrOptions options, string controller, string system) =>
        new($"{(options.SystemsAddress ?? options.PublicAddress).TrimEnd('/')}/opendsr/callbacks/{controller}/{system}");

    // Two attempts at once may both find none: the database keeps the first.
    private async Task<PeerRequest> KeepAsync(Guid task, CancellationToken cancel)
    {
        if (await db.Set<PeerRequest>().SingleOrDefaultAsync(row => row.TaskId == task, cancel) is { } known)
            return known;
        var (id, now) = (PeerRequest.NewId(), time.GetUtcNow());
        await db.Database.ExecuteSqlAsync($"INSERT INTO dsr.opendsr_requests (id, task_id, created_at) VALUES ({id}, {task}, {now}) ON CONFLICT (task_id) DO NOTHING", cancel);
        return await db.Set<PeerRequest>().SingleAsync(row => row.TaskId == task, cancel);
    }

    private async Task<SendResult> SubmitAsync(OpenDsrPeer peer, SystemTask task, PeerRequest request, DateTimeOffset submittedAt, CancellationToken cancel)
    {
        var discovery = await discoveries.OfAsync(peer, cancel);
        if (discovery.Failed)
            return new SendResult.Failed(discovery.Failure.Code);
        var wish = PeerWish.Of(peer.Peering, discovery.Value, task);
        if (wish.Failed)
            return new SendResult.ByHand(wish.Failure.Code);
        var verifies = task.Verifies is { } verified
            ? await db.Set<PeerRequest>().Where(row => row.TaskId == verified).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancel)
            : null;
        var body = PeerBodies.Request(peer.Peering, wish.Value, task, request.SubjectRequestId, verifies, submittedAt, CallbackAddress(options.Value, peer.Controller, peer.System));
        var answer = await http.SendAsync(HttpMethod.Post, peer.Requests, peer.Authorization, body, cancel);
        switch (answer.Status)
        {
            case HttpStatusCode.Created:
                if (await statuses.ProblemAsync(peer, answer, request, cancel) is { } problem)
                    return new SendResult.Failed(problem.Code);
                break;
            // Perhaps it has it already, from an attempt whose answer was lost.
            case HttpStatusCode.BadRequest or HttpStatusCode.Conflict when await statuses.KnowsAsync(peer, request, cancel):
                break;
            default:
                return new SendResult.Failed(Code(answer.Status), answer.RetryAfter);
        }
        request.TakenAt = time.GetUtcNow();
        request.Status = PeerStatus.Pending;
        await db.SaveChangesAsync(cancel);
        return ReadPeerStatus.InHand(task);
    }

    public static string Code(HttpStatusCode status) => string.Create(CultureInfo.InvariantCulture, $"connector.http_{(int)status}");
}
