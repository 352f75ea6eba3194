using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines.Rules;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using DsrService.Staff;

namespace DsrService.Deadlines;

/// <summary>Art. 12(3): once, within the first month, by up to two further months, and the person is told why.</summary>
internal sealed class ExtendDeadline(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, NoticeQueue notices, AuditLog audit, LettersInForce letters, TimeProvider time)
{
    internal sealed record Input(string? Reason, ExtensionGround Ground = ExtensionGround.Complexity);

    public async Task<Result<DataSubjectRequest>> HandleAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, RequestMove.Extend, cancel);
        if (locked.Failed)
            return locked.Failure;
        var request = locked.Value;
        if (Refuse(request, input) is { } failure)
            return failure;
        var reason = input.Reason!.Trim();

        var key = keys.Open(request);
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        var controller = (await maps.ForAsync(request.DataMapVersion, cancel)).Controller;
        var context = letters.ContextFor(request, intake, controller);
        var extendedTo = RequestDeadline.Of(request, controller).ExtendedSafe;
        var letter = ExtensionLetter.Write(context, extendedTo, input.Ground, reason);
        request.ExtendedTo = extendedTo;
        request.DeadlineWarnings = 0;
        request.ExtendedAt = time.GetUtcNow();
        request.ExtensionReason = key.SealText(RequestFields.ExtensionReason(request.Id), reason);
        request.DueEndAt = RequestDeadline.EndOf(extendedTo, controller);
        var notice = notices.Add(db, request, key, NoticeKind.Extension, letter.To(intake.Requester.Email));
        audit.Record(db, request, caller.Actor, "deadline.extended", new { extendedTo, input.Ground, reason = SealedText.Seal(key, reason), notice = notice.Id });
        await work.CommitAsync(cancel);
        return request;
    }

    /// <summary>The letter as it would go out; the same checks as the move itself.</summary>
    public Result<Letter> Preview(DataSubjectRequest request, LetterContext context, ControllerFacts controller, Input input) =>
        Refuse(request, input) is { } failure
            ? failure
            : ExtensionLetter.Write(context, RequestDeadline.Of(request, controller).ExtendedSafe, input.Ground, input.Reason!.Trim());

    /// <summary>Whether the law still leaves room for an extension.</summary>
    public static bool IsPossible(DataSubjectRequest request, DateTimeOffset now) =>
        ExtensionRules.Refuse(now, request.DueEndAt, request.ExtendedTo is not null, reasons: "given") is null;

    private Failure? Refuse(DataSubjectRequest request, Input input) => ExtensionRules.Refuse(time.GetUtcNow(), request.DueEndAt, request.ExtendedTo is not null, input.Reason) switch
    {
        ExtensionRefusal.AlreadyExtended => new Failure("request.already_extended", "The time limit was extended once; the law allows no second time."),
        ExtensionRefusal.TooLate => new Failure("request.extension_too_late", "An extension must be told within the first month, and that is over."),
        ExtensionRefusal.NoReasons => StaffText.Required("reason", null, "Give the reasons of this case.").Failure,
        _ => StaffText.Optional("reason", input.Reason).Failure,
    };
}
