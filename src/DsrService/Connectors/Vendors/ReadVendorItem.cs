using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Fulfilment;
using DsrService.Fulfilment.Desk;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.Vendors;

/// <summary>Opens one item for its vendor: what a connected system would be sent, and of the identifiers only those by which
/// the vendor knows people. That it was seen is recorded before anything of it leaves.</summary>
internal sealed class ReadVendorItem(DsrDbContext db, VendorItems items, OpenTasks tasks, DataMaps maps, AccessLog access, TimeProvider time)
{
    public async Task<Result<VendorItem>> HandleAsync(VendorCaller vendor, Guid task, CancellationToken cancel)
    {
        var (controller, now) = (vendor.Controller, time.GetUtcNow());
        if (await items.Open(controller.Key, vendor.System.Key).AsNoTracking().SingleOrDefaultAsync(row => row.Task.Id == task, cancel) is not { } found)
            return TaskFailures.NotFound;
        await access.RecordVendorAsync(vendor.Link, controller.Key, found.Request.Id, "vendor-item", cancel);
        var sent = (await tasks.HandleAsync([found.Task], now, cancel))[0].Task;
        var due = VendorItems.DueAt(found);
        return new VendorItem
        {
            Sent = sent,
            Identifiers = [.. (sent.Identifiers ?? []).Where(identifier => vendor.System.Needs.Contains(identifier.Kind))],
            Asked = new AskedWork(sent.Action, sent.Scope, sent.Action is TaskAction.Access or TaskAction.Export ? await FilesAsync(task, cancel) : null),
            DueOn = RequestDeadline.DayOf(due.AddTicks(-1), controller),
            Overdue = due <= now,
            WithStaff = found.Task.VendorNote is not null,
            Map = await maps.ForAsync(found.Request.DataMapVersion, cancel),
        };
    }

    /// <summary>What is asked, for an answer that may come after the item is closed: nothing of whose data it is.</summary>
    public async Task<Result<AskedWork>> AskedAsync(VendorCaller vendor, Guid task, CancellationToken cancel)
    {
        var found = await db.Set<RequestTask>().AsNoTracking().SingleOrDefaultAsync(
            row => row.Id == task && row.Controller == vendor.Controller.Key && row.System == vendor.System.Key && row.Binding == Binding.Manual, cancel);
        return found is null ? TaskFailures.NotFound
            : new AskedWork(found.Action, found.ScopeItems, found.Action is TaskAction.Access or TaskAction.Export ? await FilesAsync(task, cancel) : null);
    }

    private Task<List<TaskFile>> FilesAsync(Guid task, CancellationToken cancel) =>
        db.Set<StoredFile>().AsNoTracking().Where(file => file.TaskId == task).OrderBy(file => file.CreatedAt)
            .Select(file => new TaskFile(file.Part, file.Category!, file.Records, file.Length)).ToListAsync(cancel);
}

/// <summary>One item as its vendor sees it.</summary>
internal sealed record VendorItem
{
    public required SystemTask Sent { get; init; }
    public required IReadOnlyList<SubjectIdentifier> Identifiers { get; init; }
    public required AskedWork Asked { get; init; }
    public required DateOnly DueOn { get; init; }
    public required bool Overdue { get; init; }

    /// <summary>A problem was told of.</summary>
    public required bool WithStaff { get; init; }
    public required ControllerDataMap Map { get; init; }

    public string CategoryLabel(string key) => Map.Categories.FirstOrDefault(category => category.Key == key)?.Label.English ?? key;

    public string KindLabel(string key) => Map.FindIdentifierKind(key)?.Label.English ?? key;

    public string FieldLabel(string field) => Map.CorrectableFields().FirstOrDefault(known => known.Field == field)?.Label.English ?? field;
}
