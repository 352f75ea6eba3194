using DsrService.Audit;
using DsrService.Data;
using DsrService.Hosting;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Identity;

/// <summary>Reminds people who have not confirmed their address, after 24 hours, 7 and 14 days, each time with a new link.
/// A step that was missed while nothing ran is not made up for with two mails at once.</summary>
internal sealed class RemindOfIdentity(DsrDbContext db, WorkSignal signal, IdentityLinks links, WriteToPerson letters, AuditLog audit, TimeProvider time) : IRecurring
{
    private const int BatchSize = 100;
    private static readonly TimeSpan[] After = [TimeSpan.FromHours(24), TimeSpan.FromDays(7), TimeSpan.FromDays(14)];

    public static string Name => "remind-of-identity";

    public static TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task RunAsync(CancellationToken cancel)
    {
        while (await DueAsync(cancel) is { Count: > 0 } due)
            foreach (var request in due)
                await RemindAsync(request, cancel);
    }

    private Task<List<Guid>> DueAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var (first, second, third) = (now - After[0], now - After[1], now - After[2]);
        return db.Set<DataSubjectRequest>().AsNoTracking()
            .Where(request => request.Status == RequestStatus.AwaitingIdentity && (
                request.IdentityReminders < 1 && request.ReceivedAt <= first ||
                request.IdentityReminders < 2 && request.ReceivedAt <= second ||
                request.IdentityReminders < 3 && request.ReceivedAt <= third))
            .OrderBy(request => request.ReceivedAt).Select(request => request.Id).Take(BatchSize).ToListAsync(cancel);
    }

    private async Task RemindAsync(Guid id, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(id, cancel) is not { Status: RequestStatus.AwaitingIdentity } request)
            return;
        var reached = After.Count(after => request.ReceivedAt + after <= time.GetUtcNow());
        if (reached <= request.IdentityReminders)
            return;
        request.IdentityReminders = reached;
        var link = links.Add(db, request);
        var notice = await letters.AddAsync(request, NoticeKind.IdentityReminder, context => IdentityLinkLetter.Remind(context, link), cancel);
        audit.Record(db, request, AuditLog.Service, "identity.reminded", new { reminder = reached, notice = notice.Id });
        await work.CommitAsync(cancel);
    }
}
