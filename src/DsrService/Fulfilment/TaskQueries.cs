using DsrService.Data;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

internal static class TaskQueries
{
    /// <summary>Another system's task does not exist for the caller.</summary>
    public static Failure NotFound => Failure.NotFound("task.not_found");

    public static Task<Guid?> RequestOfAsync(DsrDbContext db, string controller, string system, Guid task, CancellationToken cancel) =>
        db.Set<RequestTask>().Where(row => row.Id == task && row.Controller == controller && row.System == system)
            .Select(row => (Guid?)row.RequestId).SingleOrDefaultAsync(cancel);
}
