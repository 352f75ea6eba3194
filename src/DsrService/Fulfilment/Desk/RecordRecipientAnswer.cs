using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Desk;

/// <summary>Art. 19: a recipient that is written to answers by mail or telephone; staff put on record what it said and when, or
/// that it cannot be told and why. A later word takes the place of a former, and the audit keeps both.</summary>
internal sealed class RecordRecipientAnswer(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, AuditLog audit, TimeProvider time)
{
    /// <param name="Answer"><c>completed</c>, <c>nothing-found</c>, <c>refused</c> or <c>impossible</c>.</param>
    /// <param name="AnsweredOn">The day on the controller's calendar.</param>
    /// <param name="Note">Its words; needed where it refused or cannot be told.</param>
    internal sealed record Input(string? Answer, DateOnly? AnsweredOn, string? Note);

    internal sealed record Output(string Reference, string Recipient, RecipientAnswer Answer, DateOnly AnsweredOn);

    public async Task<Result<Output>> HandleAsync(string reference, string recipient, StaffCaller caller, Input input, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(reference, caller.ControllersFor(StaffRole.Agent), cancel) is not { } request)
            return Failure.NotFound();
        if (await db.Set<Notice>().SingleOrDefaultAsync(row => row.RequestId == request.Id && row.Recipient == recipient, cancel) is not { } notice)
            return Failure.NotFound("recipient.not_found");
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var read = Check(input, notice, map.Controller);
        if (read.Failed)
            return read.Failure;
        var (answer, on, note) = read.Value;
        var key = keys.Open(request);
        (notice.Answer, notice.AnsweredOn) = (answer, on);
        notice.AnswerNote = note.Length == 0 ? null : key.SealText(Notice.AnswerNoteField(notice.Id), note);
        // Whoever cannot be told is not written to after all.
        if (answer == RecipientAnswer.Impossible && notice.State == NoticeState.Queued)
            (notice.State, notice.NextAttemptAt, notice.LastError) = (NoticeState.Failed, null, "recipient.impossible");
        audit.Record(db, request, caller.Actor, "recipient.answered", new { recipient, answer, on, note = note.Length == 0 ? null : SealedText.Seal(key, note) });
        await work.CommitAsync(cancel);
        return new Output(request.Reference, recipient, answer, on);
    }

    private Result<(RecipientAnswer Answer, DateOnly On, string Note)> Check(Input input, Notice notice, ControllerFacts controller)
    {
        var errors = new Dictionary<string, string[]>();
        var today = controller.Today(time);
        if (!DsrJson.TryParseKebab<RecipientAnswer>(input.Answer ?? "", out var answer))
            errors["answer"] = ["Say what became of it: completed, nothing-found, refused or impossible."];
        else if (notice.SentAt is null && answer != RecipientAnswer.Impossible)
            errors["answer"] = ["The message to it has not left yet: it can have answered nothing."];
        if (input.AnsweredOn is not { } on)
            errors["answeredOn"] = ["Say on which day, such as 2026-03-31."];
        else if (on > today)
            errors["answeredOn"] = ["This day is still to come."];
        else if (on < DateOnly.FromDateTime(RequestDeadline.Local(notice.SentAt ?? notice.CreatedAt, controller).DateTime))
            errors["answeredOn"] = ["On this day it had not been written to."];
        var note = answer is RecipientAnswer.Refused or RecipientAnswer.Impossible && !errors.ContainsKey("answer")
            ? StaffText.Required("note", input.Note, answer == RecipientAnswer.Refused ? "Say why it refused: the person may ask." : "Say why it cannot be told: the controller has to show it (Art. 19).")
            : StaffText.Optional("note", input.Note);
        if (note.Failed)
            errors["note"] = note.Failure.Errors!["note"];
        return errors.Count > 0 ? Failure.Invalid(errors) : (answer, input.AnsweredOn!.Value, note.Value!);
    }
}
