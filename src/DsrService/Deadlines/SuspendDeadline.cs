using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines.Rules;
using DsrService.Requests;
using DsrService.Staff;

namespace DsrService.Deadlines;

/// <summary>The clock stands while information is awaited without which nothing can be done, where it was asked for
/// without undue delay (EDPB Guidelines 01/2022, 159). Confirming an address suspends nothing.</summary>
internal sealed class SuspendDeadline(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, AuditLog audit, TimeProvider time)
{
    internal sealed record Input(string? Reason, SuspensionGround Ground = SuspensionGround.Scope);

    public async Task<Result<DataSubjectRequest>> HandleAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, RequestMove.Suspend, cancel);
        if (locked.Failed)
            return locked.Failure;
        var reason = StaffText.Required("reason", input.Reason, "Say what was asked, and when.");
        if (reason.Failed)
            return reason.Failure;
        var request = locked.Value;
        if (request.SuspendedAt is not null)
            return request;
        var controller = (await maps.ForAsync(request.DataMapVersion, cancel)).Controller;
        if (!SuspensionRules.MayStop(request.ReceivedOn, controller.Today(time), RequestDeadline.Calendar(controller)))
            return new Failure("request.suspension_too_late", "The clock stops only for a question asked within three working days of receipt.");
        request.SuspendedAt = time.GetUtcNow();
        request.SuspensionGround = input.Ground;
        audit.Record(db, request, caller.Actor, "deadline.suspended", new { input.Ground, reason = SealedText.Seal(keys.Open(request), reason.Value) });
        await work.CommitAsync(cancel);
        return request;
    }
}

/// <summary>What is awaited.</summary>
internal enum SuspensionGround
{
    /// <summary>Who asks (Art. 12(6)).</summary>
    Identity,
    /// <summary>Whether the requester may act for the person.</summary>
    Authority,
    /// <summary>Which information or processing is meant (recital 63).</summary>
    Scope,
}
