using System.Text.Json;
using DsrService.Applicability.Rules;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Deadlines.Rules;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Restrictions;

/// <summary>Ends a restriction: the person is told first (Art. 18(3)), the systems some days later, and not before that
/// letter has gone out. Runs in the transaction of what ends it, the request's row locked.</summary>
internal sealed class ScheduleLifting(DsrDbContext db, DataMaps maps, NoticeQueue notices, LettersInForce letters, AuditLog audit, TimeProvider time)
{
    /// <summary>Working days between the letter and the lifting; the law only says "before".</summary>
    public const int WorkingDays = 5;

    /// <summary>The first day without the restriction; null where nothing is restricted any more.</summary>
    public async Task<DateOnly?> AddAsync(DataSubjectRequest request, DataKey key, string actor, List<RequestTask> tasks, IReadOnlyList<RequestTask> restricted, string? reason, CancellationToken cancel)
    {
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var lifting = restricted.Where(task => MayHold(task) && map.System(task.System).Can(TaskAction.LiftRestriction) && !tasks.Exists(other => other.Action == TaskAction.LiftRestriction && other.System == task.System))
            .Select(task => (task.System, Scope: StillThere(request, task))).Where(item => item.Scope.Count > 0).ToList();
        if (lifting.Count == 0)
            return null;
        var on = RequestDeadline.Calendar(map.Controller).WorkingDaysAfter(map.Controller.Today(time), WorkingDays, HolidaySet.National);
        var (now, start) = (time.GetUtcNow(), RequestDeadline.EndOf(on.AddDays(-1), map.Controller));
        foreach (var (system, scope) in lifting)
            db.Add(new RequestTask
            {
                Id = Guid.CreateVersion7(),
                RequestId = request.Id,
                Controller = request.Controller,
                System = system,
                Binding = map.System(system).Binding,
                Action = TaskAction.LiftRestriction,
                Step = $"{RequestTask.LiftingStep}{system}",
                Scope = JsonSerializer.Serialize(scope, DsrJson.Options),
                CreatedAt = now,
                Since = now,
                NextAttemptAt = start,
            });
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        var labels = lifting.SelectMany(item => item.Scope).Select(item => map.Category(item.Category).Label.In(request.Language)).Distinct();
        var letter = LiftingLetter.Write(letters.ContextFor(request, intake, map.Controller), on, [.. labels], reason);
        var notice = notices.Add(db, request, key, NoticeKind.LiftingRestriction, letter.To(intake.Requester.Email));
        audit.Record(db, request, actor, "restriction.lifting_announced", new
        {
            on,
            systems = lifting.Select(item => item.System),
            reason = reason is null ? null : SealedText.Seal(key, reason),
            notice = notice.Id,
        });
        return on;
    }

    // Sent and unanswered may have taken effect all the same.
    private static bool MayHold(RequestTask task) => task is { Action: TaskAction.Restrict, Preview: false, Verifies: null, ReplacedBy: null, Attempt: > 0 }
        && task.Outcome is not (ReceiptOutcome.NothingFound or ReceiptOutcome.NotHeld or ReceiptOutcome.Refused);

    // What was erased in the end is restricted no more.
    private static List<ScopeItem> StillThere(DataSubjectRequest request, RequestTask task)
    {
        var scope = task.ScopeItems;
        if (request.Right != Right.Erasure || request.Status == RequestStatus.Refused || request.Status == RequestStatus.Withdrawn)
            return scope;
        var gone = PlanRequest.Read(request).Rows.Where(row => row.System == task.System && row.Decision == Decision.Grant).Select(row => row.Category).ToHashSet(StringComparer.Ordinal);
        return [.. scope.Where(item => !gone.Contains(item.Category))];
    }
}
