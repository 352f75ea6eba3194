using DsrService.Data;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.Vendors;

/// <summary>All that waits for a vendor, the most urgent first, with nothing of whose data it is: mail scanners follow links.</summary>
internal sealed class ListVendorItems(DsrDbContext db, VendorItems items, TimeProvider time)
{
    internal sealed record Item(Guid Task, string Reference, TaskAction Action, DateOnly DueOn, bool Overdue, bool WithStaff);

    public async Task<IReadOnlyList<Item>> HandleAsync(VendorCaller vendor, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await db.Set<VendorLink>().Where(link => link.Id == vendor.Link).ExecuteUpdateAsync(link => link.SetProperty(row => row.SeenAt, now), cancel);
        var rows = await items.Open(vendor.Controller.Key, vendor.System.Key).AsNoTracking().ToListAsync(cancel);
        return [.. rows.Select(row => (row, Due: VendorItems.DueAt(row))).OrderBy(pair => pair.Due).ThenBy(pair => pair.row.Task.Id)
            .Select(pair => Of(pair.row, pair.Due, vendor.Controller, now))];
    }

    private static Item Of(LiveTask row, DateTimeOffset due, ControllerFacts controller, DateTimeOffset now) =>
        new(row.Task.Id, row.Request.Reference, row.Task.Action, RequestDeadline.DayOf(due.AddTicks(-1), controller), due <= now, row.Task.VendorNote is not null);
}
