using System.Text.Json;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines.Rules;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Identity;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Sdk.Contracts;
using DsrService.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Requests;

/// <summary>Takes a request in: from the web form, from the public API. One transaction holds the request, what the
/// person is known by, the link that confirms the address, the acknowledgement and the audit entry. Whoever asks gets
/// the same answer, known or not: nothing here looks for the person.</summary>
internal sealed class SubmitRequest(DsrDbContext db, WorkSignal signal, DataMaps maps, RequestKeys keys, IdentifierHashes hashes, IdentityLinks links,
    NoticeQueue notices, AuditLog audit, PlanRequest planning, TimeProvider time, IOptions<DsrOptions> options)
{
    public const string Mismatch = "request.idempotency_mismatch";
    public const int BodyLimit = 256 * 1024;

    internal sealed record Output(string Reference, Guid Submission, RequestStatus Status, DateTimeOffset ReceivedAt, DateOnly DueOn, string StatusUrl);

    /// <summary>A key sent by the caller and the body it came with: repeated, they give the first answer again.</summary>
    internal sealed record Repetition(string Key, byte[] Body);

    public async Task<Result<Output>> HandleAsync(string controller, SubmitInput input, Channel channel, Repetition? repetition, CancellationToken cancel)
    {
        if (await maps.CurrentAsync(controller, cancel) is not { } inForce)
            return Failure.NotFound("controller.not_found");
        var now = time.GetUtcNow();
        var intake = new SubmitChecks(inForce.Map, inForce.Map.Controller.Today(time)).Check(input);
        if (intake.Failed)
            return intake.Failure;
        var hash = await hashes.ForAsync(db, controller, cancel);
        var sender = hash.Identifier(IdentifierKind.Email, IdentifierKind.NormaliseAddress(intake.Value.Content.Requester.Email));
        try
        {
            await using var work = await Work.BeginAsync(db, signal, cancel);
            if (await TooManyAsync(sender, now, cancel) is { } tooMany)
                return await FirstAnswerAsync(controller, hash, repetition, cancel) ?? tooMany;
            var (request, key) = Add(inForce, intake.Value, channel, hash, sender, now);
            if (NeedsNoConfirmation(intake.Value))
            {
                await db.SaveChangesAsync(cancel);
                await planning.PlanAsync(work, request, key, cancel);
            }
            var answer = AnswerOf(request);
            if (repetition is not null)
                db.Add(new IdempotencyKey
                {
                    Controller = controller,
                    Key = repetition.Key,
                    BodyHash = hash.Body(repetition.Body),
                    RequestId = request.Id,
                    Answer = JsonSerializer.Serialize(answer, DsrJson.Options),
                    CreatedAt = now,
                });
            await work.CommitAsync(cancel);
            return answer;
        }
        catch (DbUpdateException error) when (repetition is not null && error.IsDuplicate(out var constraint) && constraint == "idempotency_keys_pkey")
        {
            // The key was there already, or another call with it was quicker by a moment: the database settles which was first.
            db.ChangeTracker.Clear();
            if (await FirstAnswerAsync(controller, hash, repetition, cancel) is { } first)
                return first;
            throw;
        }
    }

    // Only what was never confirmed counts: whoever owns the address confirms one and is not held up by another's tries.
    private async Task<Failure?> TooManyAsync(byte[] sender, DateTimeOffset now, CancellationToken cancel)
    {
        var (limit, since) = (options.Value.RateLimits.IntakePerSenderAndDay, now.AddDays(-1));
        var recent = await db.Database.SqlQuery<DateTimeOffset>($"""
            SELECT received_at AS "Value" FROM dsr.requests
            WHERE sender_hash = {sender} AND identity_confirmed_at IS NULL AND received_at > {since} ORDER BY received_at DESC LIMIT {limit}
            """).ToListAsync(cancel);
        return recent.Count < limit ? null : RateLimits.Refusal(recent[^1].AddDays(1) - now);
    }

    private async Task<Result<Output>?> FirstAnswerAsync(string controller, ControllerHash hash, Repetition? repetition, CancellationToken cancel)
    {
        if (repetition is null || await db.Set<IdempotencyKey>().AsNoTracking()
                .SingleOrDefaultAsync(row => row.Controller == controller && row.Key == repetition.Key, cancel) is not { } first)
            return null;
        return first.BodyHash.AsSpan().SequenceEqual(hash.Body(repetition.Body))
            ? JsonSerializer.Deserialize<Output>(first.Answer, DsrJson.Options)!
            : new Failure(Mismatch, "This Idempotency-Key was used before, for another body.", StatusCodes.Status422UnprocessableEntity);
    }

    private (DataSubjectRequest, DataKey) Add(DataMapInForce inForce, CheckedIntake intake, Channel channel, ControllerHash hash, byte[] sender, DateTimeOffset now)
    {
        var facts = inForce.Map.Controller;
        var id = Guid.CreateVersion7();
        var (key, wrapped, keyId) = keys.Create(id);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(facts.TimeZone);
        var deadline = DeadlineRules.For(now, zone, HolidayCalendars.Find(facts.Calendar) ?? HolidayCalendars.Find(HolidayCalendars.None)!);
        var request = new DataSubjectRequest
        {
            Id = id,
            Reference = Secrets.NewReference(deadline.ReceivedOn.Year),
            Submission = Guid.CreateVersion7(),
            Controller = facts.Key,
            DataMapVersion = inForce.Version,
            Right = intake.Right,
            Language = intake.Language,
            Country = intake.Country,
            Channel = channel,
            ReceivedAt = now,
            ReceivedOn = deadline.ReceivedOn,
            DueOn = deadline.DueOn,
            DueEndAt = deadline.DueEndUtc,
            InternalTarget = deadline.InternalTarget,
            SenderHash = sender,
            Intake = key.SealJson(RequestFields.Intake(id), intake.Content),
            DataKey = wrapped,
            DataKeyId = keyId,
        };
        db.Add(request);
        foreach (var (kind, value) in intake.Identifiers)
            db.Add(NewIdentifier(request, key, hash, kind, value));
        var letter = AcknowledgementLetter.Write(LetterContext.For(request, intake.Content, facts, options.Value.PublicAddress), links.Add(db, request), NeedsNoConfirmation(intake));
        notices.Add(db, request, key, NoticeKind.Acknowledgement, letter.To(intake.Content.Requester.Email));
        request.TryMove(RequestMove.AskIdentity, now);
        request.WaitingFor = WaitingReasons.Identity;
        audit.Record(db, request, AuditLog.Person, "request.received", new
        {
            request.Right,
            channel,
            intake.Content.Requester.Relation,
            identifiers = intake.Identifiers.Select(identifier => identifier.Kind.Key),
            request.DueOn,
        });
        return (request, key);
    }

    private static RequestIdentifier NewIdentifier(DataSubjectRequest request, DataKey key, ControllerHash hash, IdentifierKind kind, string value)
    {
        var id = Guid.CreateVersion7();
        return new RequestIdentifier
        {
            Id = id,
            RequestId = request.Id,
            Controller = request.Controller,
            Kind = kind.Key,
            Value = key.SealText(RequestIdentifier.ValueField(id), value),
            Hash = hash.Identifier(kind.Key, kind.Normalise(value)),
            Source = RequestIdentifier.Requester,
        };
    }

    // Art. 21(3): it acts at once, on the address given.
    private static bool NeedsNoConfirmation(CheckedIntake intake) =>
        intake.Content is { Objection.Purpose: ObjectionContent.DirectMarketing, Requester.Relation: Relation.Self };

    private Output AnswerOf(DataSubjectRequest request) =>
        new(request.Reference, request.Submission, request.Status, request.ReceivedAt, request.DueOn, links.StatusPage(request.Reference).ToString());
}
