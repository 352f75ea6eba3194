using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Connectors.Vendors;

/// <summary>Writes to the vendors of systems worked by hand: one mail for all that waits, with a link to it, reminders, and
/// at last word to the staff. Nothing is ever done by time alone.</summary>
internal sealed class WriteToVendors(
    DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, VendorItems items, StaffDirectory staff, NoticeQueue notices, LettersInForce letters,
    AuditLog audit, TimeProvider time, IOptions<DsrOptions> options) : IRecurring
{
    private sealed record Situation(IReadOnlyList<(LiveTask Row, VendorSchedule.Item Item)> Items, VendorLink? Last, bool Undelivered);

    public static string Name => "write-to-vendors";

    public static TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var (_, map) in await maps.AllAsync(cancel))
            foreach (var system in map.Systems.Where(system => system.VendorContact is not null))
            {
                db.Forget();
                var now = time.GetUtcNow();
                var seen = await LookAsync(map, system, cancel);
                if (Writes(seen, now) || ToEscalate(seen, now).Count > 0)
                    await WriteAsync(map, system, cancel);
            }
    }

    private async Task WriteAsync(ControllerDataMap map, MappedSystem system, CancellationToken cancel)
    {
        db.Forget();
        await using var work = await Work.BeginAsync(db, signal, cancel);
        // All in the order of their ids: two processes never write the same mail, nor wait for each other.
        var ids = await items.Open(map.Controller.Key, system.Key).Select(row => row.Request.Id).Distinct().ToArrayAsync(cancel);
        var requests = await db.Set<DataSubjectRequest>().FromSql($"SELECT * FROM dsr.requests WHERE id = ANY({ids}) ORDER BY id FOR UPDATE").ToListAsync(cancel);
        var now = time.GetUtcNow();
        var seen = await LookAsync(map, system, cancel);
        if (seen.Items.Any(item => !ids.Contains(item.Row.Request.Id)))
            return;
        if (Writes(seen, now))
            seen = Write(map, system, seen, now);
        await EscalateAsync(map, system, ToEscalate(seen, now), seen.Undelivered, now, cancel);
        await work.CommitAsync(cancel);
    }

    private async Task<Situation> LookAsync(ControllerDataMap map, MappedSystem system, CancellationToken cancel)
    {
        var last = await db.Set<VendorLink>().Where(link => link.Controller == map.Controller.Key && link.System == system.Key && link.Contact == system.VendorContact)
            .OrderByDescending(link => link.CreatedAt).FirstOrDefaultAsync(cancel);
        var failed = last is not null && await db.Set<Notice>().AnyAsync(notice => notice.Id == last.NoticeId && notice.State == NoticeState.Failed, cancel);
        var rows = await items.Open(map.Controller.Key, system.Key).OrderBy(row => row.Request.ReceivedAt).ThenBy(row => row.Task.Id).ToListAsync(cancel);
        // Whoever took over from another contact has been told of nothing yet.
        return new([.. rows.Select(row => (row, new VendorSchedule.Item(row.Task.SentAt ?? row.Task.CreatedAt, last is null ? null : row.Task.VendorToldAt, VendorItems.DueAt(row), row.Task.VendorNote is not null)))], last, failed);
    }

    private bool Writes(Situation seen, DateTimeOffset now) => VendorSchedule.Writes([.. seen.Items.Select(item => item.Item)], seen.Last?.CreatedAt, now, options.Value.Vendors);

    private List<LiveTask> ToEscalate(Situation seen, DateTimeOffset now) =>
        [.. seen.Items.Where(item => item.Row.Task.EscalatedAt is null && VendorSchedule.Escalates(item.Item, seen.Undelivered, now, options.Value.Vendors)).Select(item => item.Row)];

    private Situation Write(ControllerDataMap map, MappedSystem system, Situation seen, DateTimeOffset now)
    {
        var waiting = seen.Items.Where(item => !item.Item.WithStaff).ToList();
        var (first, token, days) = (waiting[0].Row.Request, Secrets.NewToken(), options.Value.Vendors.LinkDays);
        var letter = VendorItemsLetter.Write(letters.Current, map.Controller, new()
        {
            System = system.Label,
            Items = [.. waiting.Select(item => (item.Row.Task.Action, RequestDeadline.DayOf(item.Item.DueAt.AddTicks(-1), map.Controller)))],
            Link = new($"{options.Value.PublicAddress.TrimEnd('/')}/vendor?token={token}"),
            ExpiresOn = RequestDeadline.DayOf(now.AddDays(days), map.Controller),
            Reminder = waiting.TrueForAll(item => item.Item.ToldAt is not null),
        });
        // A mail belongs to a request, whose key seals it; this one goes with the oldest of those it is about.
        var notice = notices.Add(db, first, keys.Open(first), NoticeKind.VendorItems, letter.To(system.VendorContact!));
        var link = new VendorLink
        {
            Id = Guid.CreateVersion7(),
            Controller = map.Controller.Key,
            System = system.Key,
            Contact = system.VendorContact!,
            TokenHash = Secrets.Hash(token),
            NoticeId = notice.Id,
            CreatedAt = now,
            ExpiresAt = now.AddDays(days),
        };
        db.Add(link);
        foreach (var request in waiting.GroupBy(item => item.Row.Request))
        {
            foreach (var (row, _) in request)
                row.Task.VendorToldAt = seen.Last is null ? now : row.Task.VendorToldAt ?? now;
            audit.Record(db, request.Key, AuditLog.Service, "vendor.written", new { system = system.Key, link = link.Id, notice = notice.Id, tasks = request.Select(item => item.Row.Task.Id) });
        }
        return new([.. seen.Items.Select(item => (item.Row, item.Item with { ToldAt = item.Row.Task.VendorToldAt }))], link, Undelivered: false);
    }

    private async Task EscalateAsync(ControllerDataMap map, MappedSystem system, List<LiveTask> rows, bool undelivered, DateTimeOffset now, CancellationToken cancel)
    {
        if (rows.Count == 0)
            return;
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var assignee in rows.Select(row => row.Request.Assignee).Distinct())
            told.UnionWith(await staff.AddressesAsync(map.Controller.Key, assignee, officers: true, cancel));
        var letter = VendorEscalationLetter.Silent(map.Controller, system, [.. rows.Select(row => row.Request.Reference).Distinct()], undelivered, options.Value.PublicAddress);
        var first = rows[0].Request;
        foreach (var address in told)
            notices.Add(db, first, keys.Open(first), NoticeKind.VendorEscalation, letter.To(address));
        foreach (var request in rows.GroupBy(row => row.Request))
        {
            foreach (var row in request)
                row.Task.EscalatedAt = now;
            audit.Record(db, request.Key, AuditLog.Service, "vendor.escalated", new { system = system.Key, undelivered, told = told.Count, tasks = request.Select(row => row.Task.Id) });
        }
    }
}
