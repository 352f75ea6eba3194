using DsrService.Audit;
using DsrService.Data;
using DsrService.Hosting;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Restrictions;

/// <summary>Forgets, three years on, whom an erasure concerned and what has ended (Art. 5(1)(e)): a keyed hash is personal
/// data too. What is in force for the person's sake stays as long as it is.</summary>
internal sealed class ForgetStates(DsrDbContext db, AuditLog audit, TimeProvider time) : IRecurring
{
    /// <summary>As the letter of an erasure says.</summary>
    public const int Years = 3;

    public static string Name => "forget-states";

    public static TimeSpan Every => TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        var since = time.GetUtcNow().AddYears(-Years);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var forgotten = await db.Set<StandingState>()
            .Where(state => state.State == StandingKind.Erasure && state.Since < since || state.EndedAt < since).ExecuteDeleteAsync(cancel);
        var successions = await db.Set<IdentifierSuccession>().Where(row => row.Since < since
            && !db.Set<StandingState>().Any(state => state.Controller == row.Controller && state.Hash == row.FormerHash && state.Kind == row.Kind)).ExecuteDeleteAsync(cancel);
        if (forgotten + successions == 0)
            return;
        audit.Record(db, await Installation.LockAsync(db, cancel), AuditLog.Service, "states.forgotten", new { states = forgotten, successions });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
