using System.Net;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Asks a peer how far a request is and says what that comes to. The standard's "completed" is a claim without counts;
/// with our extension it comes with a receipt, which is checked as any other.</summary>
internal sealed class ReadPeerStatus(DsrDbContext db, PeerDiscoveries discoveries, OpenDsrHttp http, FetchResults results, TimeProvider time)
{
    public const string Handler = "opendsr";

    public async Task<SendResult> HandleAsync(OpenDsrPeer peer, OutgoingTask outgoing, PeerRequest request, CancellationToken cancel)
    {
        if (results.IsFetching(request.TaskId))
            return new SendResult.Underway();
        var answer = await http.SendAsync(HttpMethod.Get, peer.Request(request.SubjectRequestId), peer.Authorization, null, cancel);
        if (answer.Status == HttpStatusCode.NotFound)
        {
            // It said that it has the request and knows it no longer: asked again, under the same id.
            await ForgetAsync(request, cancel);
            return new SendResult.Failed("opendsr.request_lost");
        }
        if (answer.Status != HttpStatusCode.OK)
            return new SendResult.Failed(AskPeer.Code(answer.Status), answer.RetryAfter);
        if (await ProblemAsync(peer, answer, request, cancel) is { } problem)
            return new SendResult.Failed(problem.Code);
        var said = OpenDsrJson.Read<OpenDsrStatus>(answer.Body)!;
        if (PeerBodies.Status(said) is not { } status)
            return new SendResult.Failed("opendsr.status_unknown");
        if (request.Status != status)
        {
            request.Status = status;
            await db.SaveChangesAsync(cancel);
        }
        return status switch
        {
            PeerStatus.Completed => Complete(peer, outgoing, request, said),
            PeerStatus.Cancelled => Refused(outgoing.Task, "The peer says that the request was cancelled."),
            _ => InHand(outgoing.Task),
        };
    }

    /// <summary>Whether the peer has the request.</summary>
    public async Task<bool> KnowsAsync(OpenDsrPeer peer, PeerRequest request, CancellationToken cancel)
    {
        var answer = await http.SendAsync(HttpMethod.Get, peer.Request(request.SubjectRequestId), peer.Authorization, null, cancel);
        return answer.Status == HttpStatusCode.OK && await ProblemAsync(peer, answer, request, cancel) is null;
    }

    /// <summary>Why an answer cannot be believed: first the signature over what came, then what it says.</summary>
    public async Task<Failure?> ProblemAsync(OpenDsrPeer peer, OpenDsrHttp.Answer answer, PeerRequest request, CancellationToken cancel)
    {
        if (answer.TooLarge)
            return new("connector.answer_too_large", "The answer is larger than any that is expected.");
        // Only the standard demands that answers be signed; who signs is held to it.
        if ((answer.Headers is not null || peer.Peering.Dialect == OpenDsrDialect.Standard)
            && await discoveries.CheckAsync(peer, answer.Body, answer.Headers, cancel) is { } problem)
            return problem;
        return OpenDsrJson.Read<OpenDsrStatus>(answer.Body) is not { } body ? new("connector.answer_unreadable", "The answer cannot be read.")
            : body.SubjectRequestId is { } id && id != request.SubjectRequestId ? new("opendsr.other_request", "The answer is about another request.")
            : null;
    }

    /// <summary>A preview that takes too long is given up, which an accepted task is not.</summary>
    public static SendResult InHand(SystemTask task) => task.Preview ? new SendResult.Sent() : new SendResult.Accepted();

    private SendResult Complete(OpenDsrPeer peer, OutgoingTask outgoing, PeerRequest request, OpenDsrStatus said)
    {
        var extended = PeerBodies.Extended(peer.Peering, said);
        if (extended.Failed)
            return new SendResult.Failed(extended.Failure.Code);
        var task = outgoing.Task;
        if (extended.Value?.Receipt is { } receipt)
        {
            if (receipt.TaskId != request.Id || receipt.Sealed is not null)
                return new SendResult.Failed("opendsr.receipt_unreadable");
            return Finish(peer, outgoing, receipt with { TaskId = task.TaskId }, extended.Value.Results);
        }
        return task switch
        {
            { Preview: false, Action: TaskAction.Access or TaskAction.Export } => CompleteReading(peer, outgoing, said),
            { Preview: false, Action: TaskAction.Erase } => new SendResult.Answered(Claimed(task, "The peer says that it is completed; the standard gives no counts.")),
            // Only our extension has these, and it owes a receipt.
            _ => new SendResult.Failed("opendsr.receipt_missing"),
        };
    }

    private SendResult CompleteReading(OpenDsrPeer peer, OutgoingTask outgoing, OpenDsrStatus said)
    {
        if (said.ResultsCount == 0)
            return new SendResult.Answered(Claimed(outgoing.Task, "The peer says that it found nothing.") with { Outcome = ReceiptOutcome.NothingFound });
        if (!Uri.TryCreate(said.ResultsUrl, UriKind.Absolute, out var url))
            // Results may come by any other way: then people hand them on.
            return new SendResult.ByHand("opendsr.results_elsewhere");
        // The standard gives no categories: of several, people say what lies in which, or the answer would find nothing in the others.
        return outgoing.Task.Scope.Where(item => item.Decision == ScopeDecision.Act).ToList() is [var only]
            ? Finish(peer, outgoing, Claimed(outgoing.Task, "The peer says that it is completed."), [new("results", only.Category, "", url)])
            : new SendResult.ByHand("opendsr.results_without_categories");
    }

    private SendResult Finish(OpenDsrPeer peer, OutgoingTask outgoing, Receipt receipt, IReadOnlyList<PeerResult> parts)
    {
        if (parts.Count == 0)
            return new SendResult.Answered(receipt);
        if (outgoing.Task is not { Preview: false, Action: TaskAction.Access or TaskAction.Export })
            return new SendResult.Failed("opendsr.results_not_asked");
        results.Start(peer, outgoing.Task, receipt, parts);
        return new SendResult.Underway();
    }

    private SendResult.Answered Refused(SystemTask task, string why) => new(Claimed(task, why) with { Outcome = ReceiptOutcome.Refused });

    private Receipt Claimed(SystemTask task, string message) => new()
    {
        TaskId = task.TaskId,
        Outcome = ReceiptOutcome.Completed,
        Messages = [message],
        HandledAt = time.GetUtcNow(),
        Handler = Handler,
    };

    private Task<int> ForgetAsync(PeerRequest request, CancellationToken cancel) => db.Set<PeerRequest>().Where(row => row.Id == request.Id)
        .ExecuteUpdateAsync(update => update.SetProperty(row => row.TakenAt, (DateTimeOffset?)null).SetProperty(row => row.Status, (PeerStatus?)null), cancel);
}
