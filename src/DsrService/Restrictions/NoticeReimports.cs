using DsrService.Audit;
using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Restrictions;

/// <summary>Notices that somebody who was erased is back: a later request finds the person where the erasure was proved, or
/// a system asks about the person. Each is one alarm until somebody has seen to it.</summary>
internal sealed class NoticeReimports(DsrDbContext db, WorkSignal signal, AuditLog audit, TimeProvider time) : IRecurring
{
    private const int BatchSize = 500;

    public static string Name => "notice-reimports";

    public static TimeSpan Every => TimeSpan.FromMinutes(1);

    /// <summary>In the transaction of the receipts that found the person, their requests locked.</summary>
    public async Task AfterReceiptsAsync(IReadOnlyCollection<(OpenRequest Open, RequestTask Task)> answered, CancellationToken cancel)
    {
        var finds = answered.Where(pair => pair.Task.Redoes is null).Select(pair => (pair.Open, pair.Task, Categories: Found(pair.Task))).Where(find => find.Categories.Count > 0).ToList();
        if (finds.Count == 0)
            return;
        var asked = finds.SelectMany(find => find.Open.Identifiers.Where(row => row.LeadsToData(find.Open.Request)).Select(row => (find.Task.Controller, row.Hash)))
            .DistinctBy(pair => (pair.Controller, Convert.ToHexString(pair.Hash))).ToList();
        var (controllers, hashes) = (asked.Select(pair => pair.Controller).ToArray(), asked.Select(pair => pair.Hash).ToArray());
        // One look into the index for each person: as a list the planner would sooner read the whole table.
        var erased = await db.Set<StandingState>().FromSql($"""
            SELECT s.* FROM unnest({controllers}, {hashes}) AS person (controller, hash)
            CROSS JOIN LATERAL (SELECT * FROM dsr.subject_states
                WHERE controller = person.controller AND hash = person.hash AND ended_at IS NULL AND state = 'erasure' OFFSET 0) s
            """).AsNoTracking().ToListAsync(cancel);
        foreach (var (open, task, categories) in finds)
            foreach (var reference in erased.Where(state => IsBack(state, open, task, categories)).Select(state => state.Reference).Distinct())
                if (await RaiseAsync(task.Controller, task.System, reference, ReimportSign.Found, time.GetUtcNow(), cancel))
                    audit.Record(db, open.Request, AuditLog.System(task.Controller, task.System), "reimport.noticed", new { task = task.Id, task.System, erased = reference });
    }

    /// <summary>Looks at what systems have asked since the last run.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (await RunOnceAsync(cancel) == BatchSize)
        {
        }
    }

    private async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var asked = await db.Set<SubjectQuestion>().FromSql($"SELECT * FROM dsr.subject_checks ORDER BY asked_at LIMIT {BatchSize} FOR UPDATE SKIP LOCKED").ToListAsync(cancel);
        var erasures = asked.Where(question => question.Erasure is not null).Select(question => question.Erasure!.Value).Distinct().ToList();
        var states = await db.Set<StandingState>().AsNoTracking().Where(state => erasures.Contains(state.Id)).ToDictionaryAsync(state => state.Id, cancel);
        var alarms = asked.Where(question => question.Erasure is { } id && states.ContainsKey(id))
            .GroupBy(question => (question.Controller, question.System, states[question.Erasure!.Value].Reference))
            .OrderBy(group => group.Key).ToList();
        foreach (var alarm in alarms)
            if (await RaiseAsync(alarm.Key.Controller, alarm.Key.System, alarm.Key.Reference, ReimportSign.Asked, alarm.Max(question => question.AskedAt), cancel))
                await RecordAsync(work, alarm.Key.Controller, alarm.Key.System, alarm.Key.Reference, cancel);
        db.RemoveRange(asked);
        await work.CommitAsync(cancel);
        return asked.Count;
    }

    private async Task RecordAsync(Work work, string controller, string system, string reference, CancellationToken cancel)
    {
        // The request may be purged by now; what happened stays on record all the same.
        IAuditChain chain = await work.LockAsync(reference, cancel) is { } request ? request : await Installation.LockAsync(db, cancel);
        audit.Record(db, chain, AuditLog.System(controller, system), "reimport.noticed", new { controller, system, erased = reference, asked = true });
    }

    // True where it is a new alarm and not one more sign of the same.
    private async Task<bool> RaiseAsync(string controller, string system, string reference, ReimportSign sign, DateTimeOffset at, CancellationToken cancel)
    {
        var (id, name) = (Guid.CreateVersion7(), DsrJson.Kebab(sign));
        var times = await db.Database.SqlQuery<int>($"""
            INSERT INTO dsr.reimports (id, controller, system, reference, sign, first_at, last_at, times) VALUES ({id}, {controller}, {system}, {reference}, {name}, {at}, {at}, 1)
            ON CONFLICT (controller, system, reference) WHERE ended_at IS NULL DO UPDATE SET times = reimports.times + 1, last_at = excluded.last_at
            RETURNING times AS "Value"
            """).ToListAsync(cancel);
        return times[0] == 1;
    }

    private static bool IsBack(StandingState state, OpenRequest open, RequestTask task, IReadOnlySet<string> categories) =>
        state.Controller == task.Controller && state.System == task.System && state.RequestId != open.Request.Id && state.Since < task.CreatedAt
        && open.Identifiers.Exists(row => state.IsOf(row.Hash, row.Kind))
        && state.Categories!.Split(' ').Any(categories.Contains);

    // What is kept with a reason was never gone.
    private static HashSet<string> Found(RequestTask task) =>
        [.. task.ReceiptItems.Where(item => item.Found > item.Retained).Select(item => item.Category)];
}
