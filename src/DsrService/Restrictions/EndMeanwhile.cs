using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Restrictions;

/// <summary>Ends with the request what held only until its answer: the restriction while a person decided, and the
/// preservation of what somebody asked to see; and begins what holds from then on. Runs in the transaction that closes the request, its row locked.</summary>
internal sealed class EndMeanwhile(DsrDbContext db, DataMaps maps, ScheduleLifting lifting, KeepStates states, AuditLog audit, TimeProvider time)
{
    public async Task HandleAsync(DataSubjectRequest request, DataKey key, string actor, CancellationToken cancel)
    {
        var tasks = await Progress.TasksAsync(db, request, cancel);
        var meanwhile = tasks.FindAll(task => task.IsMeanwhile);
        // What was not begun need not be ended, and nobody waits for the proof of what ends now.
        foreach (var task in meanwhile.Where(task => task.Attempt == 0 || task.Verifies is not null))
            task.NextAttemptAt = null;
        await lifting.AddAsync(request, key, actor, tasks, meanwhile, null, cancel);
        await ReleaseAsync(request, actor, meanwhile.FindAll(MayPreserve), cancel);
        await states.AfterDecisionAsync(request, key, cancel);
    }

    private async Task ReleaseAsync(DataSubjectRequest request, string actor, List<RequestTask> preserving, CancellationToken cancel)
    {
        if (preserving.Count == 0)
            return;
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var now = time.GetUtcNow();
        foreach (var task in preserving)
            db.Add(new RequestTask
            {
                Id = Guid.CreateVersion7(),
                RequestId = request.Id,
                Controller = request.Controller,
                System = task.System,
                Binding = map.System(task.System).Binding,
                Action = TaskAction.Release,
                Step = $"{DsrJson.Kebab(TaskAction.Release)}:{task.System}",
                Scope = task.Scope,
                CreatedAt = now,
                Since = now,
                NextAttemptAt = now,
            });
        audit.Record(db, request, actor, "preservation.ended", new { systems = preserving.Select(task => task.System) });
    }

    // Sent and unanswered may have taken effect all the same.
    private static bool MayPreserve(RequestTask task) => task is { Action: TaskAction.Preserve, ReplacedBy: null, Attempt: > 0 }
        && task.Outcome is not (ReceiptOutcome.NothingFound or ReceiptOutcome.NotHeld or ReceiptOutcome.Refused);
}
