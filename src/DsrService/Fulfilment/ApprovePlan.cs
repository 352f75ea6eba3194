using DsrService.Applicability.Rules;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A person approves the plan, having seen what would go; only then anything is changed (invariant 7).</summary>
internal sealed class ApprovePlan(DsrDbContext db, WorkSignal signal, RequestKeys keys, DataMaps maps, PlanRequest planning, Progress progress, AuditLog audit, TimeProvider time)
{
    private static readonly TimeSpan PreviewPatience = TimeSpan.FromSeconds(15);

    // What only hands over changes nothing that somebody would have to see before.
    private static readonly Right[] LooksFirst = [Right.Rectification, Right.Erasure, Right.Restriction, Right.Objection];

    /// <summary>Answers by the key of the question, and the facts behind them, which go into the letter.</summary>
    internal sealed record Input(IReadOnlyDictionary<string, QuestionAnswer> Answers, IReadOnlyDictionary<string, string>? Reasons = null)
    {
        /// <summary>Whether an objection may be overridden only with the grounds named, as the desk's form wants it (Art. 21(1)).</summary>
        public bool GroundsRequired { get; init; }
    }

    public Task<Result<ApprovalOutput>> HandleAsync(string reference, StaffCaller caller, IReadOnlyDictionary<string, QuestionAnswer> answers, CancellationToken cancel) =>
        HandleAsync(reference, caller, new Input(answers), cancel);

    public async Task<Result<ApprovalOutput>> HandleAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel)
    {
        await AwaitPreviewsAsync(reference, caller.ControllersFor(StaffRole.Approver), cancel);
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, RequestMove.Approve, cancel);
        if (locked.Failed)
            return locked.Failure;
        var request = locked.Value;
        if (request.IdentityConfirmedAt is null)
            return new Failure("identity.not_confirmed", "The person has not confirmed the address yet: nothing may be changed.");
        if (request.OnHold)
            return new Failure("request.on_hold", "The request is on hold; release it first.");
        if (Check(input) is { } invalid)
            return invalid;
        var tasks = await Progress.TasksAsync(db, request, cancel);
        if (LooksFirst.Contains(request.Right) && tasks.Exists(IsPreparing))
            return new Failure("request.preview_pending", "Some systems are still looking what would go. Try again shortly.");

        var key = keys.Open(request);
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var answers = Answers(request, key, input);
        var plan = await planning.MakeAsync(db, map, request, key, answers, cancel);
        PlanRequest.Keep(request, plan);
        if (plan.Questions.Count > 0)
        {
            // An answer may raise the next question: what was answered so far is kept, and the desk asks what is left.
            await work.CommitAsync(cancel);
            return new Failure("plan.questions_open", "The plan holds questions that only a person can answer.")
            {
                Extensions = new Dictionary<string, object?> { ["questions"] = plan.Questions },
            };
        }
        request.TryMove(RequestMove.Approve, time.GetUtcNow());
        request.WaitingFor = WaitingReasons.Systems;
        request.ApprovedAt = time.GetUtcNow();
        request.ApprovedBy = caller.Id;
        if (answers.GetValueOrDefault(ReasonCode.AuthorityUnclear, QuestionAnswer.Deny) == QuestionAnswer.Grant)
            await BelieveAsync(request, cancel);
        audit.Record(db, request, AuditLog.Staff(caller.Id), "plan.approved", new
        {
            steps = plan.Steps.Where(step => step.Phase == StepPhase.Act).Select(step => step.Key),
            withoutPreview = tasks.Where(task => task.Preview && task.State == TaskState.Failed).Select(task => task.System),
            answers = answers.Keys,
            decided = answers.Select(answer => new { question = answer.Key, answer = answer.Value }),
            reasons = Reasons(request, key).Select(reason => new { question = reason.Key, reason = SealedText.Seal(key, reason.Value) }),
        });
        LookAgain(request, map, plan, tasks);
        tasks.AddRange(planning.Create(db, map, request, plan, step => step.Phase == StepPhase.Act));
        await progress.AdvanceAsync(work, request, map, plan, tasks, cancel);
        await work.CommitAsync(cancel);
        return new ApprovalOutput(request.Reference, request.Status);
    }

    private static Failure? Check(Input input)
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var (question, reason) in input.Reasons ?? new Dictionary<string, string>())
            if (StaffText.Optional($"reasons.{question}", reason) is { Failed: true } wrong)
                errors[$"{question}.reason"] = [.. wrong.Failure.Errors!.Values.SelectMany(messages => messages)];
        if (input.GroundsRequired)
            foreach (var question in input.Answers.Where(answer => answer.Value == QuestionAnswer.Deny && Overrides(answer.Key)).Select(answer => answer.Key))
                if (string.IsNullOrWhiteSpace(input.Reasons?.GetValueOrDefault(question)))
                    errors.TryAdd($"{question}.reason", ["Name the grounds of this case that override: the controller has to show them, and the letter tells them (Art. 21(1))."]);
        return errors.Count > 0 ? Failure.Invalid(errors) : null;
    }

    private static bool Overrides(string question) => question.Split(':')[0] is ReasonCode.ObjectionBalance or ReasonCode.ObjectionWeigh or ReasonCode.ResearchObjectionWeigh;

    private static Dictionary<string, QuestionAnswer> Answers(DataSubjectRequest request, DataKey key, Input input)
    {
        var answers = request.PlanAnswers is null ? []
            : key.OpenJson<Dictionary<string, QuestionAnswer>>(RequestFields.PlanAnswers(request.Id), request.PlanAnswers);
        var reasons = Reasons(request, key);
        foreach (var (question, answer) in input.Answers)
            answers[question] = answer;
        foreach (var (question, reason) in input.Reasons ?? new Dictionary<string, string>())
            if (!string.IsNullOrWhiteSpace(reason))
                reasons[question] = reason.Trim();
        if (answers.Count > 0)
            request.PlanAnswers = key.SealJson(RequestFields.PlanAnswers(request.Id), answers);
        if (reasons.Count > 0)
            request.PlanReasons = key.SealJson(RequestFields.PlanReasons(request.Id), reasons);
        return answers;
    }

    private static Dictionary<string, string> Reasons(DataSubjectRequest request, DataKey key) => request.PlanReasons is null ? []
        : key.OpenJson<Dictionary<string, string>>(RequestFields.PlanReasons(request.Id), request.PlanReasons);

    // Whoever saw the authority shown has seen that what was given belongs to the person.
    private async Task BelieveAsync(DataSubjectRequest request, CancellationToken cancel)
    {
        var given = await db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id && row.Source == RequestIdentifier.Requester && !row.Verified).ToListAsync(cancel);
        foreach (var identifier in given)
            identifier.Verified = true;
    }

    // Answers may bring in systems that nobody has looked at yet, or let more go than a preview has shown: those are asked
    // before anything is changed.
    private void LookAgain(DataSubjectRequest request, ControllerDataMap map, RequestPlan plan, List<RequestTask> tasks)
    {
        var seen = tasks.Where(task => task.ReplacedBy is null).ToLookup(task => task.Step, StringComparer.Ordinal);
        var again = planning.Create(db, map, request, plan, step => step.Phase == StepPhase.Prepare
            && !seen[step.Key].Any(task => !step.Preview || step.Scope.SequenceEqual(task.ScopeItems)));
        foreach (var former in again.SelectMany(task => seen[task.Step].Select(former => (former, task))))
            (former.former.ReplacedBy, former.former.NextAttemptAt) = (former.task.Id, null);
        tasks.AddRange(again);
    }

    // Previews take moments where systems are up; an approver who is quicker need not come back.
    private async Task AwaitPreviewsAsync(string reference, IReadOnlyList<string> controllers, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(PreviewPatience);
        try
        {
            while (true)
            {
                var next = signal.Next();
                var open = await db.Set<RequestTask>().AsNoTracking()
                    .Where(task => db.Set<DataSubjectRequest>().Any(request => request.Id == task.RequestId && request.Reference == reference && request.Status == RequestStatus.Planned && LooksFirst.Contains(request.Right)))
                    .Where(task => controllers.Contains(task.Controller) && (task.Preview || task.Action == TaskAction.Locate))
                    .ToListAsync(cancel);
                if (!open.Exists(IsPreparing))
                    return;
                await WorkSignal.WaitAsync(next, TimeSpan.FromMilliseconds(500), patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The approval says that previews are pending.
        }
    }

    // What failed, was silent for some attempts, or waits behind such a one is shown as that; what depends on it goes on
    // waiting after the approval.
    private static bool IsPreparing(RequestTask task) =>
        (task.Preview || task.Action == TaskAction.Locate) && !task.HasEnded && task.State != TaskState.Failed
        && task.NextAttemptAt is not null && task.Attempt <= Attempts.ForPreview;
}

internal sealed record ApprovalOutput(string Reference, RequestStatus Status);
