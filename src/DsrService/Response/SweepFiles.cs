using DsrService.Data;
using DsrService.Hosting;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Response;

/// <summary>Takes away files that no row names: of purged requests, replaced parts and writings that a kill cut short.</summary>
internal sealed class SweepFiles(DsrDbContext db, FileStore store, ILogger<SweepFiles> log) : IRecurring
{
    private const int Batch = 500;

    // A row is written moments after its file; an upload may take hours.
    private static readonly TimeSpan RowComesWithin = TimeSpan.FromHours(1);
    private static readonly TimeSpan UploadTakesAtMost = TimeSpan.FromHours(24);

    public static string Name => "sweep-files";

    public static TimeSpan Every => TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancel)
    {
        // Files bear the true time, which the demo's clock does not move.
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var swept = 0;
        foreach (var batch in store.All().Chunk(Batch))
        {
            var ids = batch.Select(file => file.Id).OfType<Guid>().ToArray();
            var known = await db.Set<StoredFile>().Where(file => ids.Contains(file.Id)).Select(file => file.Id).ToHashSetAsync(cancel);
            foreach (var (path, id, writtenAt) in batch)
                if (id is { } finished ? !known.Contains(finished) && now - writtenAt > RowComesWithin : now - writtenAt > UploadTakesAtMost)
                {
                    File.Delete(path);
                    swept++;
                }
        }
        if (swept > 0)
            log.LogInformation("Swept {Files} files that no row names", swept);
    }
}
