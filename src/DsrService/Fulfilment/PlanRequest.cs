using System.Text.Json;
using DsrService.Applicability.Rules;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Requests;
using DsrService.Restrictions;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>Makes the plan of a request and the tasks that only look: locating and previews. Where the policy approves
/// by itself (an objection to direct marketing) it starts the work too.</summary>
internal sealed class PlanRequest(DataMaps maps, AuditLog audit, Progress progress, KeepStates states, TimeProvider time)
{
    /// <summary>Within the transaction that confirmed the identity, or took in an objection to direct marketing.</summary>
    public async Task PlanAsync(Work work, DataSubjectRequest request, DataKey key, CancellationToken cancel)
    {
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var plan = await MakeAsync(work.Db, map, request, key, new Dictionary<string, QuestionAnswer>(), cancel);
        if (!request.TryMove(RequestMove.Plan, time.GetUtcNow()))
            return;
        Keep(request, plan);
        audit.Record(work.Db, request, AuditLog.Service, "plan.made", new
        {
            steps = plan.Steps.Select(step => step.Key),
            granted = plan.Rows.Count(row => row.Decision == Decision.Grant),
            denied = plan.Rows.Count(row => row.Decision == Decision.Deny),
            questions = plan.Questions.Count,
        });
        var tasks = Create(work.Db, map, request, plan, step => step.Phase is StepPhase.Prepare or StepPhase.Meanwhile);
        if (plan.ApprovedByPolicy && request.TryMove(RequestMove.Start, time.GetUtcNow()))
        {
            audit.Record(work.Db, request, AuditLog.Service, "plan.approved_by_policy");
            await states.OnReceiptAsync(request, key, plan, cancel);
            tasks.AddRange(Create(work.Db, map, request, plan, step => step.Phase == StepPhase.Act));
        }
        await progress.AdvanceAsync(work, request, map, plan, tasks, cancel);
    }

    public static RequestPlan Read(DataSubjectRequest request) => JsonSerializer.Deserialize<RequestPlan>(request.Plan!, DsrJson.Options)!;

    public static void Keep(DataSubjectRequest request, RequestPlan plan)
    {
        request.Plan = JsonSerializer.Serialize(plan, DsrJson.Options);
        request.WaitingFor = plan.Questions.Count > 0 ? WaitingReasons.Questions : WaitingReasons.Approval;
    }

    public async Task<RequestPlan> MakeAsync(DsrDbContext db, ControllerDataMap map, DataSubjectRequest request, DataKey key,
        IReadOnlyDictionary<string, QuestionAnswer> answers, CancellationToken cancel)
    {
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        await db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id).LoadAsync(cancel);
        var identifiers = db.Set<RequestIdentifier>().Local.Where(row => row.RequestId == request.Id && (request.IdentityConfirmedAt is not null || row.LeadsToData(request)));
        var plan = Planner.Plan(map, new PlanInput
        {
            Right = request.Right,
            // Whoever vouches has looked at any mandate.
            Relation = intake.VouchedBy is null ? intake.Requester.Relation : Relation.Self,
            Today = map.Controller.Today(time),
            Identifiers = [.. identifiers.Select(row => new KnownIdentifier(row.Kind, row.Verified))],
            ErasureGrounds = intake.Erasure?.Grounds ?? [],
            RestrictionGround = intake.Restriction?.Ground,
            ObjectionPurpose = intake.Objection?.Purpose,
            CorrectionFields = [.. intake.Corrections.Select(correction => correction.Field)],
            StatementFields = [.. intake.Corrections.Where(correction => !string.IsNullOrWhiteSpace(correction.Statement.Reveal())).Select(correction => correction.Field)],
            Answers = answers,
        });
        // What was restricted meanwhile stays in the plan, so that its tasks keep their step.
        return request.Plan is null ? plan : plan with
        {
            Steps = [.. Read(request).Steps.Where(step => step.Phase == StepPhase.Meanwhile), .. plan.Steps.Where(step => step.Phase != StepPhase.Meanwhile)],
        };
    }

    public List<RequestTask> Create(DsrDbContext db, ControllerDataMap map, DataSubjectRequest request, RequestPlan plan, Func<PlanStep, bool> which)
    {
        var now = time.GetUtcNow();
        List<RequestTask> tasks = [.. plan.Steps.Where(which).Select(step => NewTask(request, map, step, null, now))];
        db.AddRange(tasks);
        return tasks;
    }

    public static RequestTask NewTask(DataSubjectRequest request, ControllerDataMap map, PlanStep step, Guid? verifies, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        RequestId = request.Id,
        Controller = request.Controller,
        System = step.System,
        Binding = map.System(step.System).Binding,
        Action = step.Action,
        Preview = step.Preview,
        Step = step.Key,
        Verifies = verifies,
        Scope = JsonSerializer.Serialize(step.Scope, DsrJson.Options),
        CreatedAt = now,
        Since = now,
    };
}
