using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
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

/// <summary>Takes a vendor's answer. Done and not found end the task as an answer of staff would; a problem leaves it open and
/// gives it to a person of the staff.</summary>
internal sealed class AnswerVendorItem(
    DsrDbContext db, WorkSignal signal, RequestKeys keys, CompleteManualTask complete, StaffDirectory staff, NoticeQueue notices, AuditLog audit, TimeProvider time, IOptions<DsrOptions> options)
{
    public async Task<Result<TaskOutput>> HandleAsync(VendorCaller vendor, Guid task, VendorAnswer answer, CancellationToken cancel) =>
        answer.Receipt is { } receipt ? await complete.ByVendorAsync(vendor.Controller.Key, vendor.System.Key, task, receipt, vendor.Handler, cancel) : await TellAsync(vendor, task, answer.Problem!, cancel);

    private async Task<Result<TaskOutput>> TellAsync(VendorCaller vendor, Guid id, string problem, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockForTaskAsync(vendor.Controller.Key, vendor.System.Key, id, cancel) is not { } request)
            return TaskFailures.NotFound;
        var task = await db.Set<RequestTask>().SingleAsync(row => row.Id == id, cancel);
        if (task.Binding != Binding.Manual || task.State is TaskState.Planned)
            return TaskFailures.NotFound;
        if (task.HasEnded || task.State is not (TaskState.Sent or TaskState.Accepted) || !request.Status.IsOpen() && !task.OutlivesRequest)
            return new Failure("task.has_ended", "This item was answered or closed already, so nothing was changed.");
        var key = keys.Open(request);
        if (task.VendorNote is { } former && key.OpenText(TaskFields.VendorNote(id), former) == problem)
            return TaskOutput.Of(task);
        // However often a note is changed, it is one mail.
        var told = task.VendorNote is null ? await staff.AddressesAsync(request.Controller, request.Assignee, officers: true, cancel) : [];
        (task.VendorNote, task.EscalatedAt) = (key.SealText(TaskFields.VendorNote(id), problem), task.EscalatedAt ?? time.GetUtcNow());
        var letter = VendorEscalationLetter.Problem(vendor.Controller, vendor.System, request.Reference, RequestDeadline.DayOf(request.DueEndAt.AddTicks(-1), vendor.Controller), options.Value.PublicAddress);
        foreach (var address in told)
            notices.Add(db, request, key, NoticeKind.VendorEscalation, letter.To(address));
        audit.Record(db, request, AuditLog.System(task.Controller, task.System), "vendor.problem", new { task = id, link = vendor.Link, told = told.Count });
        await work.CommitAsync(cancel);
        return TaskOutput.Of(task);
    }
}
