using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Deadlines.Rules;
using DsrService.Requests;
using DsrService.Staff;

namespace DsrService.Deadlines;

/// <summary>The awaited information came: the days it took do not count. The internal target stays as it was, so that
/// alerts go by the date without the suspension.</summary>
internal sealed class ResumeDeadline(DsrDbContext db, WorkSignal signal, DataMaps maps, AuditLog audit, TimeProvider time)
{
    public async Task<Result<DataSubjectRequest>> HandleAsync(string reference, StaffCaller caller, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, RequestMove.Resume, cancel);
        if (locked.Failed)
            return locked.Failure;
        var request = locked.Value;
        if (request.SuspendedAt is not { } since)
            return request;
        var controller = (await maps.ForAsync(request.DataMapVersion, cancel)).Controller;
        var restarts = SuspensionRules.Restarts(controller.Profile, request.SuspensionGround);
        var days = restarts ? 0 : SuspensionRules.Days([new Suspension(RequestDeadline.DayOf(since, controller), controller.Today(time))], controller.Profile);
        request.SuspendedAt = null;
        request.SuspensionGround = null;
        request.SuspendedDays += days;
        if (restarts)
            request.RelevantOn = controller.Today(time);
        var deadline = RequestDeadline.Of(request, controller);
        request.DueOn = deadline.DueOn;
        if (request.ExtendedTo is not null)
            request.ExtendedTo = deadline.ExtendedSafe;
        request.DueEndAt = RequestDeadline.EndOf(request.ExtendedTo ?? request.DueOn, controller);
        audit.Record(db, request, caller.Actor, "deadline.resumed", new { days, restarted = restarts ? request.RelevantOn : null, request.DueOn, request.ExtendedTo });
        await work.CommitAsync(cancel);
        return request;
    }
}
