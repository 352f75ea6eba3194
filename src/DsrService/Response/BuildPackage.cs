using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using DsrService.Response.Package;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Response;

/// <summary>Puts together what the systems handed over for an access or a portability. A file comes into being first, then, in
/// one transaction, its row and the request's move: killed at any point, it is simply done again.</summary>
internal sealed class BuildPackage(
    DsrDbContext db, FileStore store, BuildArchive archive, RequestKeys keys, DataMaps maps, AuditLog audit, LettersInForce letters, WorkSignal signal, IOptions<DsrOptions> options, TimeProvider time)
{
    public const string Part = "package";
    private const string ContentType = "application/zip";

    /// <summary>False where there was nothing to do.</summary>
    public async Task<bool> HandleAsync(Guid requestId, CancellationToken cancel)
    {
        var request = await db.Set<DataSubjectRequest>().AsNoTracking().SingleOrDefaultAsync(request => request.Id == requestId, cancel);
        if (request is null || !IsWanted(request))
            return false;
        var key = keys.Open(request);
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var facts = await FactsAsync(request, map, cancel);

        await using var writer = store.Create(key);
        await archive.WriteAsync(facts, key, writer, TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(map.Controller.TimeZone)), cancel);
        writer.Complete();
        return await PutInPlaceAsync(new StoredFile
        {
            Id = writer.Id,
            RequestId = requestId,
            Part = Part,
            ContentType = ContentType,
            Length = writer.Length,
            Records = facts.Sets.Sum(set => set.Records) + facts.Files.Count,
            Hash = writer.Hash,
            CreatedAt = time.GetUtcNow(),
        }, cancel);
    }

    /// <summary>Shows those who watch over the request that its package does not come about; <paramref name="error"/> is a kind, no message.</summary>
    public async Task RecordFailureAsync(Guid requestId, int attempt, string error, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(requestId, cancel) is not { } request || !IsWanted(request))
            return;
        audit.Record(db, request, AuditLog.Service, "package.failed", new { attempt, error });
        await work.CommitAsync(cancel);
    }

    private async Task<PackageFacts> FactsAsync(DataSubjectRequest request, ControllerDataMap map, CancellationToken cancel)
    {
        var tasks = await db.Set<RequestTask>().AsNoTracking()
            .Where(task => task.RequestId == request.Id && !task.Preview && task.ReplacedBy == null
                && (task.Action == TaskAction.Access || task.Action == TaskAction.Export))
            .ToListAsync(cancel);
        var answered = tasks.Where(task => task.State is TaskState.Done or TaskState.Verified).Select(task => task.Id).ToList();
        var files = await db.Set<StoredFile>().AsNoTracking()
            .Where(file => file.RequestId == request.Id && file.TaskId != null && answered.Contains(file.TaskId.Value)).ToListAsync(cancel);
        var kinds = await db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id && row.Verified).Select(row => row.Kind).ToListAsync(cancel);
        var words = letters.Current.In(request.Language).Words(LetterContext.IsUk(map.Controller, request.Country));
        return new GatherFacts(request, map, words, tasks, files).Gather(kinds, map.Controller.Today(time), options.Value.PublicAddress);
    }

    private async Task<bool> PutInPlaceAsync(StoredFile package, CancellationToken cancel)
    {
        List<StoredFile> former;
        await using (var work = await Work.BeginAsync(db, signal, cancel))
        {
            var request = await work.LockAsync(package.RequestId, cancel);
            if (request is null || !IsWanted(request) || !request.TryMove(RequestMove.EndTasks, time.GetUtcNow()))
            {
                store.Delete(package.Id);
                return false;
            }
            former = await db.Set<StoredFile>().Where(file => file.RequestId == package.RequestId && file.TaskId == null).ToListAsync(cancel);
            db.RemoveRange(former);
            await db.SaveChangesAsync(cancel);
            db.Add(package);
            request.WaitingFor = WaitingReasons.Answer;
            audit.Record(db, request, AuditLog.Service, "package.built", new { file = package.Id, package.Records, package.Length, package.Hash });
            await work.CommitAsync(cancel);
        }
        foreach (var file in former)
            store.Delete(file.Id);
        return true;
    }

    private static bool IsWanted(DataSubjectRequest request) => request is { Status: RequestStatus.InProgress, WaitingFor: WaitingReasons.Package };
}
