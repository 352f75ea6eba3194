using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Notices.Letters;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Staff;

namespace DsrService.Notices;

/// <summary>Staff write one of the messages that no move sends: a question, word of a delay, the list of
/// recipients. A preview shows the same letter and queues nothing.</summary>
internal sealed class SendLetter(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, LettersInForce letters, NoticeQueue notices, ComposeAnswer answers, AccessLog access, AuditLog audit, TimeProvider time)
{
    internal sealed record Input
    {
        public NoticeKind? Message { get; init; }

        /// <summary>Why there are reasonable doubts of who asks (Art. 12(6)).</summary>
        public string? Doubts { get; init; }

        /// <summary>The least that would settle them.</summary>
        public string? Needed { get; init; }
        public string? Question { get; init; }
        public string? Reason { get; init; }

        /// <summary>The day by which a late answer will be there.</summary>
        public DateOnly? Day { get; init; }

        /// <summary>Who is asked to erase links and copies, and the address.</summary>
        public string? Recipient { get; init; }
        public string? Address { get; init; }
    }

    internal sealed record Output(string Subject, string Text, Guid? Notice);

    public async Task<Result<Output>> HandleAsync(string reference, Input input, bool preview, StaffCaller caller, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(reference, caller.ControllersFor(StaffRole.Agent), cancel) is not { } request)
            return Failure.NotFound();
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        if (Check(request, map.Controller.Today(time), input) is { } failure)
            return failure;
        var key = keys.Open(request);
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        var context = letters.ContextFor(request, intake, map.Controller);
        var answer = input.Message is NoticeKind.PublishedData or NoticeKind.RecipientsList ? await answers.HandleAsync(request, key, null, cancel) : null;
        List<string> erased = answer is null ? [] : [.. answer.Facts.Items.Where(item => item.Outcome is AnswerOutcome.Erased or AnswerOutcome.Anonymised).Select(item => item.Category).Distinct()];
        // The letter says that it is gone: claimed is not enough.
        if (input.Message == NoticeKind.PublishedData && (erased.Count == 0 || answer!.OpenAt.Count > 0))
            return NotNow("Nothing has been erased and proved on this request yet.");
        var letter = input.Message switch
        {
            NoticeKind.Verification => context.Write(LetterMessage.Verification, common => new VerificationModel(common, input.Doubts!, input.Needed!)),
            NoticeKind.Clarification => context.Write(LetterMessage.Clarification, common => new ClarificationModel(common, input.Question!)),
            NoticeKind.Late => context.Write(LetterMessage.Late, common => new LateModel(common with { DueOn = context.Words.Day(request.ExtendedTo ?? request.DueOn) }, input.Reason!, context.Words.Day(input.Day!.Value))),
            NoticeKind.PublishedData => context.Write(LetterMessage.PublishedData, common => new RecipientNoticeModel(common, input.Recipient!, context.Words.Of("changes", request.Right),
                (intake.Requester.Relation == Relation.Self ? intake.Requester.Name : intake.Subject?.Name) ?? intake.Requester.Email, erased, context.Words.Day(answer!.Facts.DoneOn))),
            _ => context.Write(LetterMessage.RecipientsList, common => new RecipientsListModel(common, AnswerLetters.Told(context, answer!.Facts.Recipients))),
        };
        await access.RecordAsync(caller.Id, request.Controller, request.Id, "letter", cancel);
        if (preview)
        {
            await work.CommitAsync(cancel);
            return new Output(letter.Subject, letter.Text, null);
        }
        var notice = notices.Add(db, request, key, input.Message!.Value, letter.To(input.Message == NoticeKind.PublishedData ? input.Address! : intake.Requester.Email));
        audit.Record(db, request, caller.Actor, "letter.written", new { notice = notice.Id, notice.Kind });
        await work.CommitAsync(cancel);
        return new Output(letter.Subject, letter.Text, notice.Id);
    }

    private static Failure NotNow(string why) => new("letter.not_now", why);

    private static Failure? Check(DataSubjectRequest request, DateOnly today, Input input)
    {
        var errors = new Dictionary<string, string[]>();
        void Need(string field, string? text, string ask)
        {
            foreach (var (name, reasons) in StaffText.Required(field, text, ask).Failure?.Errors ?? new Dictionary<string, string[]>())
                errors[name] = reasons;
        }
        switch (input.Message)
        {
            case NoticeKind.Verification or NoticeKind.Clarification or NoticeKind.Late when !request.Status.IsOpen():
                return NotNow("The request is closed.");
            case NoticeKind.Late when today <= (request.ExtendedTo ?? request.DueOn):
                return NotNow("The answer is not late yet; before the day is over, extend the time limit instead.");
            case NoticeKind.PublishedData when request.Right != Right.Erasure || request.Plan is null:
                return NotNow("Nothing was erased on this request.");
            case NoticeKind.RecipientsList when request.Plan is null:
                return NotNow("There is no plan yet, so nobody was told.");
            case NoticeKind.Verification:
                Need("doubts", input.Doubts, "Say why there are reasonable doubts; asking is no standard step (Art. 12(6)).");
                Need("needed", input.Needed, "Say the least that would settle them.");
                break;
            case NoticeKind.Clarification:
                Need("question", input.Question, "Ask about the information or processing that is meant.");
                break;
            case NoticeKind.Late:
                Need("reason", input.Reason, "Give the reason of this case.");
                if (input.Day is null || input.Day <= today)
                    errors["day"] = ["Name a day that is still to come."];
                break;
            case NoticeKind.PublishedData:
                Need("recipient", input.Recipient, "Say who is written to.");
                if (input.Address is null || !MailboxAddress.IsValid(input.Address))
                    errors["address"] = ["An e-mail address is expected."];
                break;
            case NoticeKind.RecipientsList:
                break;
            default:
                errors["message"] = ["Must be one of verification, clarification, late, published-data, recipients-list."];
                break;
        }
        return errors.Count > 0 ? Failure.Invalid(errors) : null;
    }
}
