using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Restrictions;
using DsrService.Staff;

namespace DsrService.Requests;

/// <summary>Closes a request without action, by a person's decision, and tells the reasons, the complaint and the
/// judicial remedy (Art. 12(4)).</summary>
internal sealed class RefuseRequest(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, NoticeQueue notices, EndMeanwhile meanwhile, StopTasks stop, AuditLog audit, LettersInForce letters, TimeProvider time)
{
    internal sealed record Input(RefusalGround? Ground, string? Explanation);

    public async Task<Result<DataSubjectRequest>> HandleAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, RequestMove.Refuse, cancel);
        if (locked.Failed)
            return locked.Failure;
        var checkedInput = Check(input);
        if (checkedInput.Failed)
            return checkedInput.Failure;
        var (ground, explanation) = checkedInput.Value;

        var request = locked.Value;
        var key = keys.Open(request);
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var letter = RefusalLetter.Write(letters.ContextFor(request, intake, map.Controller), ground, explanation);
        request.TryMove(RequestMove.Refuse, time.GetUtcNow());
        request.RefusalGround = ground;
        request.WaitingFor = null;
        await stop.TryHandleAsync(request.Id, cancel);
        request.Answer = key.SealJson(RequestFields.Answer(request.Id), new AnswerContent(letter.Text, [], []));
        var notice = notices.Add(db, request, key, NoticeKind.Refusal, letter.To(intake.Requester.Email));
        await meanwhile.HandleAsync(request, key, caller.Actor, cancel);
        audit.Record(db, request, caller.Actor, "request.refused", new { ground, explanation = SealedText.Seal(key, explanation), notice = notice.Id });
        await work.CommitAsync(cancel);
        return request;
    }

    /// <summary>The letter as it would go out; the same checks as the move itself.</summary>
    public static Result<Letter> Preview(LetterContext context, Input input)
    {
        var checkedInput = Check(input);
        return checkedInput.Failed ? checkedInput.Failure : RefusalLetter.Write(context, checkedInput.Value.Ground, checkedInput.Value.Explanation);
    }

    private static Result<(RefusalGround Ground, string Explanation)> Check(Input input)
    {
        var errors = new Dictionary<string, string[]>();
        if (input.Ground is null)
            errors["ground"] = ["Choose the ground."];
        var explanation = StaffText.Required("explanation", input.Explanation, "Give the facts of this case.");
        foreach (var (field, reasons) in explanation.Failure?.Errors ?? new Dictionary<string, string[]>())
            errors[field] = reasons;
        return errors.Count > 0 ? Failure.Invalid(errors) : (input.Ground!.Value, explanation.Value!);
    }
}
