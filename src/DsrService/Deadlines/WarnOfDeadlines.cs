using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines.Rules;
using DsrService.Hosting;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Deadlines;

/// <summary>Reminds whoever works on a request as its time limit draws near, and tells the officers where it nearly is, or
/// is, over, or nobody works on it. A mark that passed while nothing ran is not made up for with two mails at once.</summary>
internal sealed class WarnOfDeadlines(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, StaffDirectory staff, NoticeQueue notices, AuditLog audit, TimeProvider time, IOptions<DsrOptions> options) : IRecurring
{
    private const int BatchSize = 200;

    public static string Name => "warn-of-deadlines";

    public static TimeSpan Every => TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        var last = Guid.Empty;
        while (await NextAsync(last, cancel) is { Count: > 0 } batch)
        {
            // Most have been warned of, or are not so near: seen without a lock, and looked at again with it.
            foreach (var request in batch)
                if (Reached(request, await ControllerAsync(request, cancel)) > request.DeadlineWarnings)
                    await WarnAsync(request.Id, cancel);
            last = batch[^1].Id;
        }
    }

    // Whoever has not confirmed the address is reminded, not the staff; but once overdue it is everybody's matter.
    private Task<List<DataSubjectRequest>> NextAsync(Guid after, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var from = DateOnly.FromDateTime(now.UtcDateTime).AddDays(WarningMarks.MostDaysBefore);
        var open = RequestStatuses.Open.ToArray();
        return db.Set<DataSubjectRequest>().AsNoTracking()
            .Where(request => open.Contains(request.Status) && request.DeadlineWarnings < WarningMarks.Overdue && request.Id > after
                && (request.DueEndAt <= now || (request.InternalTarget <= from && request.Status != RequestStatus.AwaitingIdentity)))
            .OrderBy(request => request.Id).Take(BatchSize).ToListAsync(cancel);
    }

    private async Task<ControllerFacts> ControllerAsync(DataSubjectRequest request, CancellationToken cancel) =>
        (await maps.ForAsync(request.DataMapVersion, cancel)).Controller;

    private int Reached(DataSubjectRequest request, ControllerFacts controller) =>
        WarningMarks.Reached(controller.Today(time), RequestDeadline.TargetOf(request, controller), time.GetUtcNow() >= request.DueEndAt, RequestDeadline.Calendar(controller));

    private async Task WarnAsync(Guid id, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(id, cancel) is not { } request || !request.Status.IsOpen())
            return;
        var controller = await ControllerAsync(request, cancel);
        var target = RequestDeadline.TargetOf(request, controller);
        var mark = Reached(request, controller);
        if (mark <= request.DeadlineWarnings)
            return;
        request.DeadlineWarnings = mark;
        var told = await staff.AddressesAsync(request.Controller, request.Assignee, WarningMarks.Escalates(mark), cancel);
        var key = keys.Open(request);
        var letter = WarningLetter.Write(request, controller, target, mark == WarningMarks.Overdue, options.Value.PublicAddress);
        foreach (var address in told)
            notices.Add(db, request, key, NoticeKind.DeadlineWarning, letter.To(address));
        audit.Record(db, request, AuditLog.Service, "deadline.warned", new { mark, target, told = told.Count, officers = WarningMarks.Escalates(mark) || request.Assignee is null });
        await work.CommitAsync(cancel);
    }
}
