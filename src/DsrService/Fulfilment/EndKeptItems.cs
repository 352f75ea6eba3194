using DsrService.Data;
using DsrService.Deadlines;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>Notes that what had been kept is gone, and tells the person who wished to hear of it: where asking again proved it,
/// or, where nobody can be asked again, by the word of who did it. What its system goes on keeping is on record anew, with
/// its new reason and day, and is not called erased. Runs in the transaction of the receipt that showed it.</summary>
internal sealed class EndKeptItems(DsrDbContext db, NoticeQueue notices, LettersInForce letters, TimeProvider time)
{
    public async Task HandleAsync(OpenRequest open, CancellationToken cancel)
    {
        var tasks = open.Tasks.Where(task => Ends(open, task)).ToDictionary(task => task.Id);
        if (tasks.Count == 0)
            return;
        var ended = tasks.Keys.ToList();
        var now = time.GetUtcNow();
        var items = await db.Set<KeptItem>().Where(item => item.Erasure != null && ended.Contains(item.Erasure.Value) && item.EndedAt == null).ToListAsync(cancel);
        if (items.Count == 0)
            return;
        var keptOn = items.Where(item => Retains(tasks[item.Erasure!.Value], item.Category)).ToList();
        db.RemoveRange(keptOn);
        var gone = items.Except(keptOn).ToList();
        foreach (var item in gone)
            item.EndedAt = now;
        var erased = gone.Where(item => IsErased(tasks[item.Erasure!.Value], item.Category)).ToList();
        if (erased.Count == 0)
            return;
        var request = open.Request;
        var intake = open.Key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        if (intake.Erasure is not { TellWhenErased: true })
            return;
        var letter = KeptErasedLetter.Write(letters.ContextFor(request, intake, open.Map.Controller), DateOnly.FromDateTime(RequestDeadline.Local(now, open.Map.Controller).DateTime),
            [.. erased.Select(item => open.Map.Category(item.Category).Label.In(request.Language)).Distinct()]);
        notices.Add(db, request, open.Key, NoticeKind.KeptErased, letter.To(intake.Requester.Email));
    }

    private static bool Retains(RequestTask task, string category) => Says(task, category, item => item.Retained > 0);

    private static bool IsErased(RequestTask task, string category) =>
        task.State == TaskState.Verified || task.IsUncounted || Says(task, category, item => item.Erased > 0 || item.Anonymised > 0);

    private static bool Says(RequestTask task, string category, Predicate<ReceiptItem> what) =>
        task.ReceiptItems.Exists(item => item.Category == category && what(item));

    private static bool Ends(OpenRequest open, RequestTask task) => task is { EndsKept: true, Action: TaskAction.Erase, ReplacedBy: null }
        && (task.State == TaskState.Verified || task.State == TaskState.Done && !open.Map.System(task.System).CanBeAskedAgain);
}
