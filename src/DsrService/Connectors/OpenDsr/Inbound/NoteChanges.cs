using DsrService.Data;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>Puts down, for each request whose status is another than the caller was told, what is to be told. The request's own row is
/// the outbox: whatever changed it, and whenever this runs, the change shows.</summary>
internal sealed class NoteChanges(DsrDbContext db, WorkSignal signal, TimeProvider time)
{
    private const int Batch = 200;

    /// <summary>How many changes there were.</summary>
    public async Task<int> HandleAsync(CancellationToken cancel)
    {
        var changed = await (from row in db.Set<InboundRequest>().AsNoTracking()
                             join request in db.Set<DataSubjectRequest>() on row.RequestId equals request.Id
                             where row.Told != PeerStatus.Completed
                                 && (row.Told != PeerStatus.Pending && OutwardStatus.Pending.Contains(request.Status)
                                     || row.Told != PeerStatus.InProgress && OutwardStatus.InProgress.Contains(request.Status)
                                     || row.Told != PeerStatus.Cancelled && OutwardStatus.Cancelled.Contains(request.Status)
                                     || OutwardStatus.Completed.Contains(request.Status))
                             orderby row.RequestId
                             select new { Row = row, request.Status }).Take(Batch).ToListAsync(cancel);
        foreach (var change in changed)
            await NoteAsync(change.Row, OutwardStatus.Of(change.Status), cancel);
        return changed.Count;
    }

    private async Task NoteAsync(InboundRequest row, PeerStatus status, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        // Of two processes that see the same change one gets the row.
        if (await db.Set<InboundRequest>().Where(known => known.RequestId == row.RequestId && known.Told == row.Told)
                .ExecuteUpdateAsync(update => update.SetProperty(known => known.Told, status), cancel) == 0)
            return;
        var now = time.GetUtcNow();
        foreach (var url in row.Callbacks.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            db.Add(new StatusCallback { Id = Guid.CreateVersion7(), RequestId = row.RequestId, Url = url, Status = status, CreatedAt = now, NextAttemptAt = now });
        await work.CommitAsync(cancel);
    }
}
