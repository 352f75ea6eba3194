using DsrService.Data;
using DsrService.Deadlines;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>Notes that what had been kept is gone, proved where its system can be asked, and tells the person who wished to
/// hear of it. Runs in the transaction of the receipt that showed it.</summary>
internal sealed class EndKeptItems(DsrDbContext db, NoticeQueue notices, LettersInForce letters, TimeProvider time)
{
    public async Task HandleAsync(OpenRequest open, CancellationToken cancel)
    {
        var ended = open.Tasks.FindAll(task => Ends(open, task)).ConvertAll(task => task.Id);
        if (ended.Count == 0)
            return;
        var now = time.GetUtcNow();
        var items = await db.Set<KeptItem>().Where(item => item.Erasure != null && ended.Contains(item.Erasure.Value) && item.EndedAt == null).ToListAsync(cancel);
        if (items.Count == 0)
            return;
        foreach (var item in items)
            item.EndedAt = now;
        var request = open.Request;
        var intake = open.Key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        if (intake.Erasure is not { TellWhenErased: true })
            return;
        var letter = KeptErasedLetter.Write(letters.ContextFor(request, intake, open.Map.Controller), DateOnly.FromDateTime(RequestDeadline.Local(now, open.Map.Controller).DateTime),
            [.. items.Select(item => open.Map.Category(item.Category).Label.In(request.Language)).Distinct()]);
        notices.Add(db, request, open.Key, NoticeKind.KeptErased, letter.To(intake.Requester.Email));
    }

    private static bool Ends(OpenRequest open, RequestTask task) => task is { EndsKept: true, Action: TaskAction.Erase, ReplacedBy: null }
        && (task.State == TaskState.Verified || task.State == TaskState.Done && !open.Map.System(task.System).CanBeAskedAgain);
}
