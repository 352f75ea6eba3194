using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Staff;

namespace DsrService.Requests;

/// <summary>A remark for colleagues and for whoever examines the case later; the person does not see it on the status page.</summary>
internal sealed class AddNote(DsrDbContext db, WorkSignal signal, RequestKeys keys, AuditLog audit)
{
    internal sealed record Input(string? Text);

    public async Task<Result<DataSubjectRequest>> HandleAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, RequestMove.Note, cancel);
        if (locked.Failed)
            return locked.Failure;
        var text = StaffText.Required("text", input.Text, "Write the note.");
        if (text.Failed)
            return text.Failure;
        var request = locked.Value;
        audit.Record(db, request, caller.Actor, "request.noted", new { text = SealedText.Seal(keys.Open(request), text.Value) });
        await work.CommitAsync(cancel);
        return request;
    }
}
