using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment.Desk;

/// <summary>The ledger of Art. 19: who was told of one request, and across requests who has not answered since when.</summary>
internal sealed class ListRecipients(DsrDbContext db, RequestKeys keys, DataMaps maps, AccessLog access, TimeProvider time)
{
    private const int MostEntries = 200;

    // A processor is told by being asked to do the same.
    private static readonly TaskAction[] Telling = [TaskAction.Notify, TaskAction.Rectify, TaskAction.Erase, TaskAction.Restrict];

    /// <summary>All recipients that the plan names, told or not.</summary>
    public async Task<Result<RecipientsOfRequest>> HandleAsync(string reference, StaffCaller caller, CancellationToken cancel)
    {
        var controllers = caller.ReadableControllers.ToArray();
        if (await db.Set<DataSubjectRequest>().AsNoTracking().SingleOrDefaultAsync(row => row.Reference == reference && controllers.Contains(row.Controller), cancel) is not { } request)
            return Failure.NotFound();
        await access.RecordAsync(caller.Id, request.Controller, request.Id, "recipients", cancel);
        var (key, map, now) = (keys.Open(request), await maps.ForAsync(request.DataMapVersion, cancel), time.GetUtcNow());
        var tasks = (await db.Set<RequestTask>().AsNoTracking().Where(task => task.RequestId == request.Id && !task.Preview && task.Verifies == null && task.ReplacedBy == null)
            .OrderBy(task => task.Id).ToListAsync(cancel)).ToLookup(task => task.Step);
        var mails = await db.Set<Notice>().AsNoTracking().Where(notice => notice.RequestId == request.Id && notice.Recipient != null).ToDictionaryAsync(notice => notice.Recipient!, cancel);
        var entries = new List<RecipientEntry>();
        foreach (var notice in request.Plan is null ? [] : PlanRequest.Read(request).Notices)
            if (notice.Step is { } step && tasks[step].Any())
                entries.AddRange(tasks[step].Select(task => Opened(RecipientEntry.Of(task, reference, notice.Recipient, notice.Name, now), task, key)));
            else
                entries.Add(Mailed(mails.GetValueOrDefault(notice.Recipient), map, reference, notice.Recipient, notice.Name, notice.Categories, key, now) with
                {
                    Way = notice.Contact is null ? RecipientWay.System : RecipientWay.Mail,
                });
        return new RecipientsOfRequest(request.Right, map, entries, caller.Has(StaffRole.Agent, request.Controller));
    }

    /// <summary>Of the caller's controllers, those first that have been silent the longest.</summary>
    public async Task<IReadOnlyList<RecipientSummary>> AcrossAsync(StaffCaller caller, CancellationToken cancel)
    {
        var controllers = caller.ReadableControllers.ToArray();
        var told = await (from task in Told(controllers)
                          group task by new { task.Controller, task.System } into grouped
                          select new
                          {
                              grouped.Key,
                              Told = grouped.Count(),
                              Answered = grouped.Count(task => task.Outcome != null && task.Outcome != ReceiptOutcome.Refused),
                              Refused = grouped.Count(task => task.Outcome == ReceiptOutcome.Refused),
                              Since = grouped.Min(task => task.Outcome == null ? task.SentAt : null),
                          }).ToListAsync(cancel);
        var mailed = await (from notice in db.Set<Notice>()
                            join request in db.Set<DataSubjectRequest>() on notice.RequestId equals request.Id
                            where controllers.Contains(request.Controller) && notice.Recipient != null && notice.SentAt != null && notice.Answer != RecipientAnswer.Impossible
                            group notice by new { request.Controller, notice.Recipient } into grouped
                            select new
                            {
                                grouped.Key,
                                Told = grouped.Count(),
                                Answered = grouped.Count(notice => notice.Answer == RecipientAnswer.Completed || notice.Answer == RecipientAnswer.NothingFound),
                                Refused = grouped.Count(notice => notice.Answer == RecipientAnswer.Refused),
                                Since = grouped.Min(notice => notice.Answer == null ? notice.SentAt : null),
                            }).ToListAsync(cancel);
        var summaries = new List<RecipientSummary>();
        foreach (var (_, map) in await maps.AllAsync(cancel))
            foreach (var recipient in map.Recipients.Where(_ => controllers.Contains(map.Controller.Key)))
            {
                var systems = map.Systems.Where(system => system.Recipient == recipient.Key).Select(system => system.Key).ToHashSet(StringComparer.Ordinal);
                var rows = told.Where(row => row.Key.Controller == map.Controller.Key && systems.Contains(row.Key.System)).ToList();
                var mail = mailed.Find(row => row.Key.Controller == map.Controller.Key && row.Key.Recipient == recipient.Key);
                if (rows.Count > 0 || mail is not null)
                    summaries.Add(new RecipientSummary(map.Controller.Key, map.Controller.Name, recipient.Key, recipient.Name, rows.Sum(row => row.Told) + (mail?.Told ?? 0),
                        rows.Sum(row => row.Answered) + (mail?.Answered ?? 0), rows.Sum(row => row.Refused) + (mail?.Refused ?? 0), rows.Select(row => row.Since).Append(mail?.Since).Min()));
            }
        return [.. summaries.OrderBy(row => row.SilentSince ?? DateTimeOffset.MaxValue).ThenBy(row => row.Name, StringComparer.Ordinal)];
    }

    /// <summary>One recipient's requests: those without an answer first, the longest silent before the others.</summary>
    public async Task<Result<RecipientHistory>> OfRecipientAsync(string controller, string recipient, StaffCaller caller, CancellationToken cancel)
    {
        if (!caller.ReadableControllers.Contains(controller) || await maps.CurrentAsync(controller, cancel) is not { } current
            || current.Map.Recipients.FirstOrDefault(row => row.Key == recipient) is not { } known)
            return Failure.NotFound("recipient.not_found");
        var systems = current.Map.Systems.Where(system => system.Recipient == recipient).Select(system => system.Key).ToArray();
        var now = time.GetUtcNow();
        var tasks = await (from task in db.Set<RequestTask>().AsNoTracking()
                           join request in db.Set<DataSubjectRequest>() on task.RequestId equals request.Id
                           where task.Controller == controller && systems.Contains(task.System) && Telling.Contains(task.Action) && !task.Preview && task.ReplacedBy == null
                           orderby task.Outcome != null, task.SentAt, task.Id
                           select new { task, request.Reference }).Take(MostEntries).ToListAsync(cancel);
        var mails = await (from notice in db.Set<Notice>().AsNoTracking()
                           join request in db.Set<DataSubjectRequest>() on notice.RequestId equals request.Id
                           where request.Controller == controller && notice.Recipient == recipient
                           orderby notice.Answer != null, notice.SentAt, notice.Id
                           select new { notice, request.Reference }).Take(MostEntries).ToListAsync(cancel);
        return new RecipientHistory(current.Map, known,
        [
            .. tasks.Select(row => RecipientEntry.Of(row.task, row.Reference, recipient, known.Name, now)),
            .. mails.Select(row => Mailed(row.notice, current.Map, row.Reference, recipient, known.Name, [], null, now)),
        ]);
    }

    private static RecipientEntry Mailed(Notice? notice, ControllerDataMap map, string reference, string recipient, string name, IReadOnlyList<string> categories, DataKey? key, DateTimeOffset now)
    {
        DateOnly? sentOn = notice?.SentAt is { } at ? DateOnly.FromDateTime(RequestDeadline.Local(at, map.Controller).DateTime) : null;
        return RecipientEntry.Of(notice, sentOn, reference, recipient, name, categories, now) with
        {
            Messages = notice?.AnswerNote is { } note && key is not null ? [key.OpenText(Notice.AnswerNoteField(notice.Id), note)] : [],
        };
    }

    // Who works by hand says so when it is done; who fetches has it when it was fetched.
    private IQueryable<RequestTask> Told(string[] controllers) => db.Set<RequestTask>().Where(task => controllers.Contains(task.Controller) && Telling.Contains(task.Action) && !task.Preview && task.ReplacedBy == null
        && (task.Binding == Binding.Manual ? task.Outcome != null && task.Outcome != ReceiptOutcome.Refused : task.Binding == Binding.Pull ? task.AcceptedAt != null || task.Outcome != null : task.SentAt != null));

    private static RecipientEntry Opened(RecipientEntry entry, RequestTask task, DataKey key) => entry with
    {
        Messages = task.Messages is null ? [] : key.OpenJson<List<string>>(TaskFields.Messages(task.Id), task.Messages),
        Reason = task.SetAsideReason is null ? entry.Reason : key.OpenText(TaskFields.SetAsideReason(task.Id), task.SetAsideReason),
    };
}

/// <param name="Right">Which right was asked for.</param>
/// <param name="Map">The data map in force for it.</param>
/// <param name="Entries">Who was told.</param>
/// <param name="MayRecord">Whether the caller may put answers on record.</param>
internal sealed record RecipientsOfRequest(Right Right, ControllerDataMap Map, IReadOnlyList<RecipientEntry> Entries, bool MayRecord);

/// <param name="Controller">Whose recipient.</param>
/// <param name="ControllerName">What that is called.</param>
/// <param name="Recipient">Its key.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Told">How often it was told.</param>
/// <param name="Answered">How often it answered that it did, or holds nothing.</param>
/// <param name="Refused">How often it would not.</param>
/// <param name="SilentSince">When it was told what it has not answered for the longest time; null where it owes nothing.</param>
internal sealed record RecipientSummary(string Controller, string ControllerName, string Recipient, string Name, int Told, int Answered, int Refused, DateTimeOffset? SilentSince)
{
    public int Unanswered => Told - Answered - Refused;
}

internal sealed record RecipientHistory(ControllerDataMap Map, Recipient Recipient, IReadOnlyList<RecipientEntry> Entries);
