using DsrService.Audit;
using DsrService.Data;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Notices;

/// <summary>A person has a message that was given up on sent again, say once the mailbox takes mail again.</summary>
internal sealed class RetryNotice(DsrDbContext db, WorkSignal signal, AuditLog audit, TimeProvider time)
{
    internal sealed record Output(Guid Id, NoticeKind Kind, NoticeState State);

    public async Task<Result<Output>> HandleAsync(string reference, Guid noticeId, StaffCaller caller, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(reference, caller.ControllersFor(StaffRole.Agent), cancel) is not { } request)
            return Failure.NotFound();
        if (await db.Set<Notice>().SingleOrDefaultAsync(row => row.Id == noticeId && row.RequestId == request.Id, cancel) is not { } notice)
            return Failure.NotFound("notice.not_found");
        if (notice.State != NoticeState.Failed)
            return new Failure("notice.not_retryable", "Only a message that could not be sent can be sent again.");
        // Tries are counted anew, and the days after which it is given up on run from now.
        (notice.State, notice.Attempt, notice.QueuedAt, notice.NextAttemptAt) = (NoticeState.Queued, 0, time.GetUtcNow(), time.GetUtcNow());
        audit.Record(db, request, caller.Actor, "notice.queued_again", new { notice = notice.Id, notice.Kind });
        await work.CommitAsync(cancel);
        return new Output(notice.Id, notice.Kind, notice.State);
    }
}
