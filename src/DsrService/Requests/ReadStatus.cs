using System.Text.Json;
using System.Text.Json.Serialization;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Hosting;
using DsrService.Identity;
using DsrService.Notices;
using DsrService.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Requests;

/// <summary>What the person who asked may see of the request, in plain words.</summary>
internal sealed class ReadStatus(DsrDbContext db, StatusAccess access, RequestKeys keys, LettersInForce letters, IOptions<DsrOptions> options)
{
    internal sealed record Output
    {
        public required string Reference { get; init; }
        public required Right Right { get; init; }
        public required RequestStatus Status { get; init; }

        /// <summary>How it ended; absent while it is open.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public RequestStatus? Outcome { get; init; }
        public required DateTimeOffset ReceivedAt { get; init; }
        public required DateOnly DueOn { get; init; }
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public DateOnly? ExtendedTo { get; init; }
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public string? WaitingFor { get; init; }
        public required IReadOnlyList<Step> Steps { get; init; }
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public AnswerContent? Answer { get; init; }
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public string? PackageUrl { get; init; }
    }

    internal sealed record Step(DateTimeOffset At, string Text);

    public async Task<Result<(Output Status, DataSubjectRequest Request)>> HandleAsync(string reference, string? accessToken, CancellationToken cancel)
    {
        if (await access.FindAsync(reference, accessToken, cancel) is not { } request)
            return StatusAccess.Refused;
        var closed = !request.Status.IsOpen();
        return (new Output
        {
            Reference = request.Reference,
            Right = request.Right,
            Status = request.Status,
            Outcome = closed ? request.Status : null,
            ReceivedAt = request.ReceivedAt,
            DueOn = request.DueOn,
            ExtendedTo = request.ExtendedTo,
            WaitingFor = closed ? null : request.WaitingFor,
            Steps = await StepsAsync(request, cancel),
            Answer = request.Answer is null ? null : keys.Open(request).OpenJson<AnswerContent>(RequestFields.Answer(request.Id), request.Answer),
            PackageUrl = await HasPackageAsync(request, cancel) ? $"{options.Value.PublicAddress.TrimEnd('/')}{PublicApi.Base}/requests/{request.Reference}/package" : null,
        }, request);
    }

    private async Task<IReadOnlyList<Step>> StepsAsync(DataSubjectRequest request, CancellationToken cancel)
    {
        var words = letters.Current.In(request.Language).Words(underUkLaw: false);
        var chain = request.Id.ToString();
        var entries = await db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.Chain == chain).OrderBy(entry => entry.Sequence)
            .Select(entry => new { entry.At, entry.Event, entry.Facts }).ToListAsync(cancel);
        return [.. from entry in entries
                   let text = PersonalTimeline.TextFor(entry.Event, JsonSerializer.Deserialize<JsonElement>(entry.Facts), words)
                   where text is not null
                   select new Step(entry.At, text)];
    }

    private async Task<bool> HasPackageAsync(DataSubjectRequest request, CancellationToken cancel) =>
        request.Status is RequestStatus.Fulfilled or RequestStatus.PartlyFulfilled &&
        await db.Set<StoredFile>().AnyAsync(file => file.RequestId == request.Id && file.TaskId == null && file.Part == BuildPackage.Part, cancel);
}
