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
using Npgsql;

namespace DsrService.Requests;

/// <summary>Takes a request in: from the web form, from the public API. One transaction holds the request, what the
/// person is known by, the link that confirms the address, the acknowledgement and the audit entry. Whoever asks gets
/// the same answer, known or not: nothing here looks for the person.</summary>
internal sealed class SubmitRequest(DsrDbContext db, WorkSignal signal, DataMaps maps, RequestKeys keys, IdentifierHashes hashes, IdentityLinks links,
    NoticeQueue notices, AuditLog audit, PlanRequest planning, LettersInForce letters, TimeProvider time, IOptions<DsrOptions> options)
{
    public const string Mismatch = "request.idempotency_mismatch";
    public const int BodyLimit = 256 * 1024;

    internal sealed record Output(string Reference, Guid Submission, RequestStatus Status, DateTimeOffset ReceivedAt, DateOnly DueOn, string StatusUrl);

    /// <summary>A key sent by the caller and the body it came with: repeated, they give the first answer again.</summary>
    internal sealed record Repetition(string Key, byte[] Body);

    /// <summary>Somebody known to the controller brings the request in for the person.</summary>
    /// <param name="Actor">Who, as the audit names them.</param>
    /// <param name="Key">Who, as the data map names them.</param>
    /// <param name="Vouches">Whether identity is confirmed, and every identifier verified, by their word.</param>
    /// <param name="SubmittedAt">When the person asked them, as they say. The time limit runs from the receipt here.</param>
    /// <param name="Row">What is kept in the same transaction, so that the request comes in once.</param>
    internal sealed record Introduction(string Actor, string Key, bool Vouches, DateTimeOffset SubmittedAt, Func<DataSubjectRequest, ControllerHash, object> Row);

    public Task<Result<Output>> HandleAsync(string controller, SubmitInput input, Channel channel, Repetition? repetition, CancellationToken cancel) =>
        HandleAsync(controller, input, channel, repetition, null, cancel);

    public Task<Result<Output>> IntroduceAsync(string controller, SubmitInput input, Channel channel, Introduction introduction, CancellationToken cancel) =>
        HandleAsync(controller, input, channel, null, introduction, cancel);

    private async Task<Result<Output>> HandleAsync(string controller, SubmitInput input, Channel channel, Repetition? repetition, Introduction? introduction, CancellationToken cancel)
    {
        if (await maps.CurrentAsync(controller, cancel) is not { } inForce)
            return Failure.NotFound("controller.not_found");
        var now = time.GetUtcNow();
        var intake = new SubmitChecks(inForce.Map, inForce.Map.Controller.Today(time), introduction is { Vouches: true }).Check(input);
        if (intake.Failed)
            return intake.Failure;
        var hash = await hashes.ForAsync(db, controller, cancel);
        var sender = hash.Identifier(IdentifierKind.Email, IdentifierKind.NormaliseAddress(intake.Value.Content.Requester.Email));
        try
        {
            await using var work = await Work.BeginAsync(db, signal, cancel);
            var (request, key) = Add(inForce, intake.Value, channel, introduction, hash, sender, now);
            var answer = AnswerOf(request);
            if (repetition is not null)
                db.Add(KeyOf(repetition, request, answer, hash));
            if (TooMany(await NewRows.InsertAsync<DateTime>(db, RecentOf(sender, now), cancel), now) is { } tooMany)
                return await FirstAnswerAsync(controller, hash, repetition, cancel) ?? tooMany;
            if (NeedsNoConfirmation(intake.Value) || introduction is { Vouches: true })
                answer = AnswerOf(await PlanAsync(work, request.Id, key, repetition, cancel));
            await work.CommitAsync(cancel);
            return answer;
        }
        catch (DbUpdateException error) when (repetition is not null && error.IsDuplicate(out var constraint) && constraint == "idempotency_keys_pkey")
        {
            // The key was there already, or another call with it was quicker by a moment: the database settles which was first.
            if (await FirstAnswerAsync(controller, hash, repetition, cancel) is { } first)
                return first;
            throw;
        }
    }

    // Only what was never confirmed counts: whoever owns the address confirms one and is not held up by another's tries.
    private NpgsqlBatchCommand RecentOf(byte[] sender, DateTimeOffset now) =>
        new("SELECT received_at FROM dsr.requests WHERE sender_hash = $1 AND identity_confirmed_at IS NULL AND received_at > $2 ORDER BY received_at DESC LIMIT $3")
        {
            Parameters = { new() { Value = sender }, new() { Value = now.AddDays(-1).UtcDateTime }, new() { Value = options.Value.RateLimits.IntakePerSenderAndDay } },
        };

    private Failure? TooMany(IReadOnlyList<DateTime> recent, DateTimeOffset now) =>
        recent.Count < options.Value.RateLimits.IntakePerSenderAndDay ? null : RateLimits.Refusal(recent[^1].AddDays(1) - now.UtcDateTime);

    private async Task<DataSubjectRequest> PlanAsync(Work work, Guid id, DataKey key, Repetition? repetition, CancellationToken cancel)
    {
        var request = (await work.LockAsync(id, cancel))!;
        await planning.PlanAsync(work, request, key, cancel);
        if (repetition is not null)
            await db.Set<IdempotencyKey>().Where(row => row.RequestId == id)
                .ExecuteUpdateAsync(row => row.SetProperty(kept => kept.Answer, JsonSerializer.Serialize(AnswerOf(request), DsrJson.Options)), cancel);
        return request;
    }

    private static IdempotencyKey KeyOf(Repetition repetition, DataSubjectRequest request, Output answer, ControllerHash hash) => new()
    {
        Controller = request.Controller,
        Key = repetition.Key,
        BodyHash = hash.Body(repetition.Body),
        RequestId = request.Id,
        Answer = JsonSerializer.Serialize(answer, DsrJson.Options),
        CreatedAt = request.ReceivedAt,
    };

    private async Task<Result<Output>?> FirstAnswerAsync(string controller, ControllerHash hash, Repetition? repetition, CancellationToken cancel)
    {
        if (repetition is null || await db.Set<IdempotencyKey>().AsNoTracking()
                .SingleOrDefaultAsync(row => row.Controller == controller && row.Key == repetition.Key, cancel) is not { } first)
            return null;
        return first.BodyHash.AsSpan().SequenceEqual(hash.Body(repetition.Body))
            ? JsonSerializer.Deserialize<Output>(first.Answer, DsrJson.Options)!
            : new Failure(Mismatch, "This Idempotency-Key was used before, for another body.", StatusCodes.Status422UnprocessableEntity);
    }

    private (DataSubjectRequest, DataKey) Add(
        DataMapInForce inForce, CheckedIntake intake, Channel channel, Introduction? introduction, ControllerHash hash, byte[] sender, DateTimeOffset now)
    {
        var vouched = introduction is { Vouches: true };
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
            IdentityConfirmedAt = vouched ? now : null,
            Intake = key.SealJson(RequestFields.Intake(id), intake.Content with { VouchedBy = vouched ? introduction!.Key : null }),
            DataKey = wrapped,
            DataKeyId = keyId,
        };
        db.Add(request);
        foreach (var (kind, value) in intake.Identifiers)
            db.Add(NewIdentifier(request, key, hash, kind, value, vouched));
        // Whoever vouches has it acknowledged by the answer to the call, and there is nothing to confirm.
        if (!vouched)
        {
            var letter = AcknowledgementLetter.Write(letters.ContextFor(request, intake.Content, facts), links.Add(db, request), NeedsNoConfirmation(intake));
            notices.Add(db, request, key, NoticeKind.Acknowledgement, letter.To(intake.Content.Requester.Email));
        }
        request.TryMove(RequestMove.AskIdentity, now);
        request.WaitingFor = WaitingReasons.Identity;
        var kinds = intake.Identifiers.Select(identifier => identifier.Kind.Key);
        audit.Record(db, request, introduction?.Actor ?? AuditLog.Person, "request.received", new
        {
            request.Right,
            channel,
            intake.Content.Requester.Relation,
            identifiers = kinds,
            request.DueOn,
            introduction?.SubmittedAt,
        });
        if (vouched)
            audit.Record(db, request, introduction!.Actor, "identity.vouched", new { by = introduction.Key, verified = kinds });
        if (introduction is not null)
            db.Add(introduction.Row(request, hash));
        return (request, key);
    }

    private static RequestIdentifier NewIdentifier(DataSubjectRequest request, DataKey key, ControllerHash hash, IdentifierKind kind, string value, bool verified)
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
            Verified = verified,
        };
    }

    // Art. 21(3): it acts at once, on the address given.
    private static bool NeedsNoConfirmation(CheckedIntake intake) =>
        intake.Content is { Objection.Purpose: ObjectionContent.DirectMarketing, Requester.Relation: Relation.Self };

    private Output AnswerOf(DataSubjectRequest request) =>
        new(request.Reference, request.Submission, request.Status, request.ReceivedAt, request.DueOn, links.StatusPage(request.Reference).ToString());
}
