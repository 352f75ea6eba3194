using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Identity;
using DsrService.Requests;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Response;

/// <summary>Hands the package out: to the person once the request is answered, to staff who review it before. Each time leaves
/// its entry first.</summary>
internal sealed class DownloadPackage(DsrDbContext db, FileStore store, RequestKeys keys, AuditLog audit, AccessLog access, StatusAccess status, WorkSignal signal)
{
    private static readonly Failure NotThere = new("package.not_available", "There is no package for this request, or not yet.", StatusCodes.Status404NotFound);

    internal sealed record Output(Stream Content, string FileName, long Length);

    /// <summary>For the person; the token opens this one request.</summary>
    public async Task<Result<Output>> HandleAsync(string reference, string? accessToken, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await status.LockAsync(work, reference, accessToken, cancel) is not { } request)
            return StatusAccess.Refused;
        if (request.Status is not (RequestStatus.Fulfilled or RequestStatus.PartlyFulfilled) || await FindAsync(request.Id, cancel) is not { } package)
            return NotThere;
        audit.Record(db, request, AuditLog.Person, "package.downloaded", new { file = package.Id });
        await work.CommitAsync(cancel);
        return Open(request, package);
    }

    public async Task<Result<Output>> HandleAsync(string reference, StaffCaller caller, CancellationToken cancel)
    {
        var controllers = caller.ReadableControllers;
        var request = await db.Set<DataSubjectRequest>().AsNoTracking()
            .SingleOrDefaultAsync(request => request.Reference == reference && controllers.Contains(request.Controller), cancel);
        if (request is null)
            return Failure.NotFound();
        if (await FindAsync(request.Id, cancel) is not { } package)
            return NotThere;
        await access.RecordAsync(caller.Id, request.Controller, request.Id, "package", cancel);
        return Open(request, package);
    }

    /// <summary>For whoever brought the request in and vouched for it; the caller has looked whether it is theirs.</summary>
    public async Task<Result<Output>> HandleAsync(Guid id, string actor, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(id, cancel) is not { Status: RequestStatus.Fulfilled or RequestStatus.PartlyFulfilled } request
            || await FindAsync(request.Id, cancel) is not { } package)
            return NotThere;
        audit.Record(db, request, actor, "package.downloaded", new { file = package.Id });
        await work.CommitAsync(cancel);
        return Open(request, package);
    }

    public Task<StoredFile?> FindAsync(Guid request, CancellationToken cancel) =>
        db.Set<StoredFile>().AsNoTracking().SingleOrDefaultAsync(file => file.RequestId == request && file.TaskId == null && file.Part == BuildPackage.Part, cancel);

    private Output Open(DataSubjectRequest request, StoredFile package) =>
        new(store.Open(package.Id, keys.Open(request)), $"{request.Reference}.zip", package.Length);
}
