using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Requests;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Response;

/// <summary>The answer as it would go out now, for the person of the staff who reviews it.</summary>
internal sealed class PreviewAnswer(DsrDbContext db, RequestKeys keys, ComposeAnswer compose, AccessLog access)
{
    public async Task<Result<ComposeAnswer.Output>> HandleAsync(string reference, StaffCaller caller, string? remark, CancellationToken cancel)
    {
        var controllers = caller.ReadableControllers;
        var request = await db.Set<DataSubjectRequest>().AsNoTracking()
            .SingleOrDefaultAsync(request => request.Reference == reference && controllers.Contains(request.Controller), cancel);
        if (request is null)
            return Failure.NotFound();
        if (request.Plan is null)
            return new Failure("answer.no_plan", "There is no plan yet, so there is nothing to answer with.");
        var words = StaffText.Optional("remark", remark);
        if (words.Failed)
            return words.Failure;
        await access.RecordAsync(caller.Id, request.Controller, request.Id, "answer", cancel);
        return await compose.HandleAsync(request, keys.Open(request), words.Value.Length == 0 ? null : words.Value, cancel);
    }
}
