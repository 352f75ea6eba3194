using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Deadlines.Rules;
using DsrService.Hosting;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Identity;

/// <summary>Art. 11(2), 12(2): three working days before the time to answer is over the person is told that nothing can be
/// done without a confirmed address, and the request expires. A link used later opens it again.</summary>
internal sealed class ExpireUnconfirmed(DsrDbContext db, WorkSignal signal, DataMaps maps, IdentityLinks links, WriteToPerson letters, AuditLog audit, TimeProvider time) : IRecurring
{
    private const int WorkingDaysBefore = 3;
    private const int BatchSize = 100;

    // No run of days without work is longer than this less three.
    private const int LookAheadDays = 14;

    public static string Name => "expire-unconfirmed";

    public static TimeSpan Every => TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        var after = (DueOn: DateOnly.MinValue, Id: Guid.Empty);
        while (await NextAsync(after, cancel) is { Count: > 0 } batch)
        {
            foreach (var (id, _) in batch)
                await ExpireAsync(id, cancel);
            after = (batch[^1].DueOn, batch[^1].Id);
        }
    }

    private async Task<List<(Guid Id, DateOnly DueOn)>> NextAsync((DateOnly DueOn, Guid Id) after, CancellationToken cancel)
    {
        var until = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(LookAheadDays);
        var rows = await db.Set<DataSubjectRequest>().AsNoTracking()
            .Where(request => request.Status == RequestStatus.AwaitingIdentity && request.DueOn <= until &&
                (request.DueOn > after.DueOn || request.DueOn == after.DueOn && request.Id > after.Id))
            .OrderBy(request => request.DueOn).ThenBy(request => request.Id).Take(BatchSize)
            .Select(request => new { request.Id, request.DueOn }).ToListAsync(cancel);
        return [.. rows.Select(row => (row.Id, row.DueOn))];
    }

    private async Task ExpireAsync(Guid id, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(id, cancel) is not { Status: RequestStatus.AwaitingIdentity } request)
            return;
        var facts = (await maps.ForAsync(request.DataMapVersion, cancel)).Controller;
        var calendar = HolidayCalendars.Find(facts.Calendar) ?? HolidayCalendars.Find(HolidayCalendars.None)!;
        if (facts.Today(time) < calendar.WorkingDaysBefore(request.DueOn, WorkingDaysBefore, HolidaySet.Statutory) || !request.TryMove(RequestMove.Expire, time.GetUtcNow()))
            return;
        request.WaitingFor = null;
        var link = links.Add(db, request);
        var notice = await letters.AddAsync(request, NoticeKind.CannotIdentify, context => CannotIdentifyLetter.Write(context, link), cancel);
        audit.Record(db, request, AuditLog.Service, "request.expired", new { notice = notice.Id });
        await work.CommitAsync(cancel);
    }
}
