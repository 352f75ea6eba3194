using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>Takes a request in over OpenDSR: an ordinary request, by the ordinary rules. The same id comes in once; repeated with the
/// same body it has the same answer.</summary>
internal sealed class TakeSubmission(DsrDbContext db, SubmitRequest submit, IdentifierHashes hashes, ProcessorSignature signature)
{
    public const int LargestBody = 256 * 1024;

    public async Task<Result<InboundRequest>> HandleAsync(InboundCaller caller, ProtocolVersion version, byte[] body, CancellationToken cancel)
    {
        var read = Submission.Read(body, caller, version, signature.Domain);
        if (read.Failed)
            return read.Failure;
        var bodyHash = (await hashes.ForAsync(db, caller.Controller, cancel)).Body(body);
        if (await FirstAsync(caller, read.Value.Id, bodyHash, cancel) is { } first)
            return first;
        try
        {
            InboundRequest? kept = null;
            var introduction = new SubmitRequest.Introduction(caller.Actor, caller.Entry.Key, caller.Entry.Vouches, read.Value.SubmittedAt,
                (request, _) => kept = NewRow(caller, version, read.Value, bodyHash, request));
            var taken = await submit.IntroduceAsync(caller.Controller, read.Value.Input, Channel.Opendsr, introduction, cancel);
            return taken.Failed ? Reworded(taken.Failure) : kept!;
        }
        catch (DbUpdateException error) when (error.IsDuplicate(out var constraint) && constraint == InboundRequest.PrimaryKey)
        {
            // Another call with the same id was quicker by a moment.
            if (await FirstAsync(caller, read.Value.Id, bodyHash, cancel) is { } quicker)
                return quicker;
            throw;
        }
    }

    private async Task<Result<InboundRequest>?> FirstAsync(InboundCaller caller, Guid id, byte[] bodyHash, CancellationToken cancel)
    {
        var (controller, key) = (caller.Controller, caller.Entry.Key);
        if (await db.Set<InboundRequest>().AsNoTracking()
                .SingleOrDefaultAsync(row => row.Controller == controller && row.Caller == key && row.SubjectRequestId == id, cancel) is not { } first)
            return null;
        return first.BodyHash.AsSpan().SequenceEqual(bodyHash) ? first
            : new Failure("opendsr.id_used", "This subject_request_id came before, with another body.", StatusCodes.Status409Conflict);
    }

    private static InboundRequest NewRow(InboundCaller caller, ProtocolVersion version, Submission submission, byte[] bodyHash, DataSubjectRequest request) => new()
    {
        Controller = caller.Controller,
        Caller = caller.Entry.Key,
        SubjectRequestId = submission.Id,
        RequestId = request.Id,
        BodyHash = bodyHash,
        Version = version.Number,
        Vouched = caller.Entry.Vouches,
        // As Postgres keeps them, so that the first answer and the repeated one are the same.
        ReceivedAt = request.ReceivedAt.AddTicks(-(request.ReceivedAt.Ticks % TimeSpan.TicksPerMicrosecond)),
        ExpectedAt = request.DueEndAt,
        Callbacks = string.Join(' ', submission.Callbacks),
        Told = PeerStatus.Pending,
    };

    // In the words of what was sent.
    private static Failure Reworded(Failure failure) => failure.Errors is null ? failure : failure with
    {
        Errors = failure.Errors.ToDictionary(
            error => error.Key.Replace("identifiers[", "subject_identities[", StringComparison.Ordinal).Replace("].value", "].identity_value", StringComparison.Ordinal)
                .Replace("requester.email", "subject_identities", StringComparison.Ordinal),
            error => error.Value),
    };
}
