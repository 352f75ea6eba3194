using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Identity;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Restrictions;

namespace DsrService.Requests;

/// <summary>The person takes the request back: free until the first change has been sent to a system, after that only a
/// person at the controller can say what is still to be undone.</summary>
internal sealed class WithdrawRequest(DsrDbContext db, WorkSignal signal, StatusAccess access, StopTasks stop, WriteToPerson letters, RequestKeys keys, EndMeanwhile meanwhile, AuditLog audit, TimeProvider time)
{
    internal sealed record Output(string Reference, RequestStatus Status);

    public async Task<Result<Output>> HandleAsync(string reference, string? accessToken, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await access.LockAsync(work, reference, accessToken, cancel) is not { } request)
            return StatusAccess.Refused;
        if (request.Status == RequestStatus.Withdrawn)
            return new Output(request.Reference, request.Status);
        if (!request.Status.IsOpen())
            return new Failure("request.closed", "The request is closed already.");
        if (!await stop.TryHandleAsync(request.Id, cancel) || !request.TryMove(RequestMove.Withdraw, time.GetUtcNow()))
            return new Failure("request.change_under_way", "A system was already asked to change something. Write to the controller to take the request back.");
        request.WaitingFor = null;
        var notice = await letters.AddAsync(request, NoticeKind.Withdrawal, WithdrawalLetter.Write, cancel);
        await meanwhile.HandleAsync(request, keys.Open(request), AuditLog.Person, cancel);
        audit.Record(db, request, AuditLog.Person, "request.withdrawn", new { by = "person", notice = notice.Id });
        await work.CommitAsync(cancel);
        return new Output(request.Reference, request.Status);
    }
}
