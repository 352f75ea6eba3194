using System.Text.Json;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>Our extension in a status: what the four words cannot say.</summary>
internal sealed record StatusExtension(RequestStatus Status, string Reference)
{
    /// <summary>Why it was refused.</summary>
    public RefusalGround? Reason { get; init; }

    /// <summary>What became of each category.</summary>
    public IReadOnlyList<AnswerItem>? Items { get; init; }

    /// <summary>SHA-256 of what lies at <c>results_url</c>, in hex: the results themselves are not signed.</summary>
    public string? ResultsSha256 { get; init; }
}

/// <summary>How a request stands, in the protocol's words. What was found and answered is told only to a caller that vouched for who
/// asks: otherwise it would be told to whoever sends a stranger's address.</summary>
internal sealed class TellStatus(DsrDbContext db, DataMaps maps, RequestKeys keys, DownloadPackage packages, ProcessorSignature signature, IOptions<DsrOptions> options, TimeProvider time)
{
    /// <summary>How long results can be fetched once the request has ended.</summary>
    public static readonly TimeSpan ResultsLive = TimeSpan.FromDays(7);

    /// <summary>The caller's own request under this id; null for any other.</summary>
    public async Task<(InboundRequest Row, DataSubjectRequest Request)?> FindAsync(InboundCaller caller, string id, CancellationToken cancel)
    {
        if (!Guid.TryParseExact(id, "D", out var known))
            return null;
        var (controller, key) = (caller.Controller, caller.Entry.Key);
        var found = await (from row in db.Set<InboundRequest>().AsNoTracking()
                           join request in db.Set<DataSubjectRequest>().AsNoTracking() on row.RequestId equals request.Id
                           where row.Controller == controller && row.Caller == key && row.SubjectRequestId == known && request.Controller == controller
                           select new { Row = row, Request = request }).SingleOrDefaultAsync(cancel);
        return found is null ? null : (found.Row, found.Request);
    }

    public async Task<OpenDsrStatus?> HandleAsync(InboundCaller caller, ProtocolVersion version, string id, CancellationToken cancel)
    {
        if (await FindAsync(caller, id, cancel) is not var (row, request))
            return null;
        var tellsAnswer = row.Vouched && caller.Entry.Vouches;
        var package = tellsAnswer ? await ResultsAsync(request, cancel) : null;
        return Status(row, request.DueEndAt, OutwardStatus.Of(request.Status)) with
        {
            ApiVersion = version.Api,
            ResultsUrl = package is null ? null : ResultsAddress(version, row),
            ResultsCount = version == ProtocolVersion.Two ? package?.Records : null,
            Extensions = tellsAnswer ? Extension(request, package) : default,
        };
    }

    /// <summary>As a callback tells it: where results lie, and nothing of what they are; whoever fetches them shows its token.</summary>
    public async Task<OpenDsrStatus> CallbackAsync(InboundRequest row, DateTimeOffset expected, PeerStatus status, CancellationToken cancel)
    {
        var told = Status(row, expected, status);
        if (status != PeerStatus.Completed || !row.Vouched || (await maps.CurrentAsync(row.Controller, cancel))?.Map.Callers.FirstOrDefault(entry => entry.Key == row.Caller) is not { Vouches: true })
            return told;
        var request = await db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(found => found.Id == row.RequestId, cancel);
        return await ResultsAsync(request, cancel) is null ? told : told with { ResultsUrl = ResultsAddress(ProtocolVersion.Of(row.Version), row) };
    }

    /// <summary>What answers and callbacks share.</summary>
    public static OpenDsrStatus Status(InboundRequest row, DateTimeOffset expected, PeerStatus status) => new()
    {
        ControllerId = row.Caller,
        ExpectedCompletionTime = OutwardStatus.Instant(expected),
        SubjectRequestId = row.Id,
        RequestStatus = OutwardStatus.Word(status),
    };

    public bool HaveEnded(DataSubjectRequest request) => request.ClosedAt is { } closed && time.GetUtcNow() >= closed + ResultsLive;

    // Null where there is nothing to fetch, or not any more.
    private async Task<StoredFile?> ResultsAsync(DataSubjectRequest request, CancellationToken cancel) =>
        OutwardStatus.Completed.Contains(request.Status) && !HaveEnded(request) ? await packages.FindAsync(request.Id, cancel) : null;

    private string ResultsAddress(ProtocolVersion version, InboundRequest row) =>
        $"{(options.Value.SystemsAddress ?? options.Value.PublicAddress).TrimEnd('/')}{version.Root}/results/{row.Id}";

    private JsonElement Extension(DataSubjectRequest request, StoredFile? package) => JsonSerializer.SerializeToElement(new Dictionary<string, object>
    {
        [signature.Domain] = new Dictionary<string, object>
        {
            [SubmissionExtension.Name] = new StatusExtension(request.Status, request.Reference)
            {
                Reason = request.RefusalGround,
                Items = OutwardStatus.Completed.Contains(request.Status) && request.Answer is { } answer
                    ? keys.Open(request).OpenJson<AnswerContent>(RequestFields.Answer(request.Id), answer).Items : null,
                ResultsSha256 = package is null ? null : Convert.ToHexStringLower(package.Hash),
            },
        },
    }, DsrJson.Options);
}
