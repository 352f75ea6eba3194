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

/// <summary>Closes a request at the person's word, given to an agent. The person is told, so that a word never given
/// comes to light.</summary>
internal sealed class WithdrawByStaff(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, NoticeQueue notices, EndMeanwhile meanwhile, StopTasks stop, AuditLog audit, LettersInForce letters, TimeProvider time)
{
    internal sealed record Input(string? Reason = null);

    public async Task<Result<DataSubjectRequest>> HandleAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, RequestMove.Withdraw, cancel);
        if (locked.Failed)
            return locked.Failure;
        var reason = StaffText.Optional("reason", input.Reason);
        if (reason.Failed)
            return reason.Failure;

        var request = locked.Value;
        var key = keys.Open(request);
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var letter = WithdrawalLetter.Write(letters.ContextFor(request, intake, map.Controller));
        request.TryMove(RequestMove.Withdraw, time.GetUtcNow());
        request.WaitingFor = null;
        await stop.TryHandleAsync(request.Id, cancel);
        var notice = notices.Add(db, request, key, NoticeKind.Withdrawal, letter.To(intake.Requester.Email));
        await meanwhile.HandleAsync(request, key, caller.Actor, cancel);
        audit.Record(db, request, caller.Actor, "request.withdrawn", new { by = "staff", reason = reason.Value is "" ? null : SealedText.Seal(key, reason.Value), notice = notice.Id });
        await work.CommitAsync(cancel);
        return request;
    }
}
