using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Staff;

namespace DsrService.Requests;

/// <summary>Stops the sending of tasks, or lets them go out again. The time limit runs on. Twice is once.</summary>
internal sealed class HoldRequest(DsrDbContext db, WorkSignal signal, RequestKeys keys, AuditLog audit)
{
    internal sealed record Input(string? Reason = null);

    public Task<Result<DataSubjectRequest>> HoldAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel) =>
        SetAsync(reference, caller, RequestMove.Hold, true, "request.held", input, cancel);

    public Task<Result<DataSubjectRequest>> ReleaseAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel) =>
        SetAsync(reference, caller, RequestMove.ReleaseHold, false, "request.hold_released", input, cancel);

    private async Task<Result<DataSubjectRequest>> SetAsync(string reference, StaffCaller caller, RequestMove move, bool onHold, string @event, Input input, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, move, cancel);
        if (locked.Failed)
            return locked.Failure;
        var reason = StaffText.Optional("reason", input.Reason);
        if (reason.Failed)
            return reason.Failure;
        var request = locked.Value;
        if (request.OnHold == onHold)
            return request;
        request.OnHold = onHold;
        audit.Record(db, request, caller.Actor, @event, reason.Value is "" ? null : new { reason = SealedText.Seal(keys.Open(request), reason.Value) });
        await work.CommitAsync(cancel);
        return request;
    }
}
