using System.Net;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Calls off at the peer what nobody waits for any more: the request was withdrawn or refused, the task set aside or
/// replaced. Only while it is pending there; what has begun is not undone by it.</summary>
internal sealed class CancelAtPeers(DsrDbContext db, DataMaps maps, OpenDsrPeers peers, OpenDsrHttp http, ILogger<CancelAtPeers> log, TimeProvider time) : IRecurring
{
    private const int AtOnce = 50;

    public static string Name => "cancel-at-peers";

    public static TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        var rows = await (from asked in db.Set<PeerRequest>()
                          join task in db.Set<RequestTask>() on asked.TaskId equals task.Id
                          join request in db.Set<DataSubjectRequest>() on task.RequestId equals request.Id
                          where asked.TakenAt != null && asked.Status == PeerStatus.Pending && asked.CancelledAt == null
                              && (task.State == TaskState.SetAside || task.ReplacedBy != null
                                  || (request.Status == RequestStatus.Withdrawn || request.Status == RequestStatus.Refused) && task.Outcome == null
                                      // A restriction that ends with the request is lifted after it.
                                      && !task.Step.StartsWith(RequestTask.LiftingStep))
                              && !db.Set<SystemStop>().Any(stop => stop.Controller == task.Controller && (stop.System == SystemStop.All || stop.System == task.System))
                          orderby asked.CreatedAt
                          select new { Asked = asked, task.System, request.DataMapVersion }).Take(AtOnce).ToListAsync(cancel);
        foreach (var row in rows)
            await CancelAsync(row.Asked, row.System, row.DataMapVersion, cancel);
    }

    private async Task CancelAsync(PeerRequest asked, string system, Guid map, CancellationToken cancel)
    {
        if (await peers.FindAsync(await maps.ForAsync(map, cancel), system, cancel) is not { } peer)
            return;
        try
        {
            var answer = await http.SendAsync(HttpMethod.Delete, peer.Request(asked.SubjectRequestId), peer.Authorization, null, cancel);
            // Anything but trouble of its own is an answer: called off, begun already, or not known.
            if ((int)answer.Status >= 500 || answer.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout)
                return;
            asked.CancelledAt = time.GetUtcNow();
            if (answer.Status == HttpStatusCode.Accepted)
                asked.Status = PeerStatus.Cancelled;
            await db.SaveChangesAsync(cancel);
        }
        catch (HttpRequestException)
        {
            log.LogWarning("Request {Request} could not be called off at its peer; it is tried again", asked.Id);
        }
    }
}
