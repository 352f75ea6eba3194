using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Response;

/// <summary>Puts the answer together from the plan and what the systems said they did: the same for the preview and the letter.</summary>
internal sealed class ComposeAnswer(DsrDbContext db, DataMaps maps, LettersInForce letters, TimeProvider time)
{
    /// <summary>The request ends in part where something was exempt, kept or set aside. While a system is open, its tasks not
    /// ended or not proved, the answer cannot go out.</summary>
    internal sealed record Output(Letter Letter, AnswerFacts Facts, string To, RequestStatus Status, IReadOnlyList<string> OpenAt)
    {
        public AnswerContent Content => new(Letter.Text, Facts.Items, Facts.Recipients);
    }

    public async Task<Output> HandleAsync(DataSubjectRequest request, DataKey key, string? remark, CancellationToken cancel)
    {
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var plan = PlanRequest.Read(request);
        var tasks = await db.Set<RequestTask>().AsNoTracking().Where(task => task.RequestId == request.Id && !task.Preview && task.ReplacedBy == null).OrderBy(task => task.Id).ToListAsync(cancel);
        var searched = request.IdentityConfirmedAt is not null;
        var kinds = await db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id && (row.Verified || !searched)).Select(row => row.Kind).ToListAsync(cancel);
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);

        var context = letters.ContextFor(request, intake, map.Controller);
        var mailed = await db.Set<Notice>().Where(notice => notice.RequestId == request.Id && notice.Recipient != null)
            .ToDictionaryAsync(notice => notice.Recipient!, notice => notice.SentAt, StringComparer.Ordinal, cancel);
        var facts = GatherAnswer.From(map, plan, tasks.Select(task => ResultOf(task, key)),
            map.IdentifierKinds.Select(kind => kind.Key).Where(kinds.Contains), map.Controller.Today(time), context.Words, remark,
            request.PlanReasons is null ? null : key.OpenJson<Dictionary<string, string>>(RequestFields.PlanReasons(request.Id), request.PlanReasons), mailed);
        var steps = plan.Steps.ToDictionary(step => step.Key, StringComparer.Ordinal);
        return new Output(
            AnswerLetters.Write(context, facts),
            facts,
            intake.Requester.Email,
            facts.AnythingWithheld ? RequestStatus.PartlyFulfilled : RequestStatus.Fulfilled,
            [.. tasks.Where(task => Progress.HoldsOpen(task, steps)).Select(task => task.System).Distinct()]);
    }

    private static StepResult ResultOf(RequestTask task, DataKey key) => new()
    {
        Step = task.Step,
        // What was set aside proves nothing, whatever its system once claimed.
        Items = task.State == TaskState.SetAside ? [] : task.ReceiptItems,
        Uncounted = task.IsUncounted,
        SetAside = task is { State: TaskState.SetAside, SetAsideReason: { } reason } ? key.OpenText(TaskFields.SetAsideReason(task.Id), reason) : null,
        ToldAt = task.ToldAt,
        // Nothing led there: nobody was asked or told.
        EndedAt = task.LastError == TaskErrors.NoIdentifier ? null : task.EndedAt,
    };
}
