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
        return await WithdrawAsync(work, request, AuditLog.Person, "person", cancel);
    }

    /// <summary>Called off by whoever brought it in, as long as nothing but looking has begun.</summary>
    public async Task<Result<Output>> HandleAsync(Guid id, string actor, string by, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(id, cancel) is not { } request)
            return Failure.NotFound();
        return request.Status is RequestStatus.InProgress or RequestStatus.AwaitingDecision
            ? new Failure("request.change_under_way", "The request is being worked already.")
            : await WithdrawAsync(work, request, actor, by, cancel);
    }

    private async Task<Result<Output>> WithdrawAsync(Work work, DataSubjectRequest request, string actor, string by, CancellationToken cancel)
    {
        if (request.Status == RequestStatus.Withdrawn)
            return new Output(request.Reference, request.Status);
        if (!request.Status.IsOpen())
            return new Failure("request.closed", "The request is closed already.");
        if (!await stop.TryHandleAsync(request.Id, cancel) || !request.TryMove(RequestMove.Withdraw, time.GetUtcNow()))
            return new Failure("request.change_under_way", "A system was already asked to change something. Write to the controller to take the request back.");
        request.WaitingFor = null;
        var notice = await letters.AddAsync(request, NoticeKind.Withdrawal, WithdrawalLetter.Write, cancel);
        await meanwhile.HandleAsync(request, keys.Open(request), actor, cancel);
        audit.Record(db, request, actor, "request.withdrawn", new { by, notice = notice.Id });
        await work.CommitAsync(cancel);
        return new Output(request.Reference, request.Status);
    }
}
