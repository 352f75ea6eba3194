using DsrService.Applicability.Rules;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Fulfilment;
using DsrService.Fulfilment.Desk;
using DsrService.Fulfilment.Restores;
using DsrService.Notices;
using DsrService.Response;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Requests.Desk;

/// <summary>Opens one request for a member of staff. That it was read is recorded before anything of it leaves.</summary>
internal sealed class ReadRequest(DsrDbContext db, RequestKeys keys, DataMaps maps, StaffDirectory staff, AccessLog access, TimeProvider time)
{
    internal sealed record Output(RequestDetail Detail, ControllerDataMap Map, DataSubjectRequest Row);

    public async Task<Result<Output>> HandleAsync(string reference, StaffCaller caller, CancellationToken cancel)
    {
        var controllers = caller.ReadableControllers.ToArray();
        if (await db.Set<DataSubjectRequest>().AsNoTracking()
                .SingleOrDefaultAsync(row => row.Reference == reference && controllers.Contains(row.Controller), cancel) is not { } request)
            return Failure.NotFound();
        await access.RecordAsync(caller.Id, request.Controller, request.Id, "request", cancel);

        var key = keys.Open(request);
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var tasks = await db.Set<RequestTask>().AsNoTracking().Where(task => task.RequestId == request.Id).OrderBy(task => task.CreatedAt).ThenBy(task => task.Id).ToListAsync(cancel);
        var stops = await db.Set<SystemStop>().AsNoTracking().Where(stop => stop.Controller == request.Controller).ToListAsync(cancel);
        var causes = tasks.Select(task => task.Restore).OfType<Guid>().Distinct().ToList();
        var restores = causes.Count == 0 ? [] : await db.Set<Restore>().AsNoTracking().Where(restore => causes.Contains(restore.Id)).ToDictionaryAsync(restore => restore.Id, restore => (DateTimeOffset?)restore.RestoredTo, cancel);
        var chain = request.Id.ToString();
        var entries = await db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.Chain == chain).OrderBy(entry => entry.Sequence).ToListAsync(cancel);
        var notices = await db.Set<Notice>().AsNoTracking().Where(notice => notice.RequestId == request.Id && notice.Kind != NoticeKind.DeadlineWarning && notice.Kind != NoticeKind.VendorEscalation).OrderBy(notice => notice.Id)
            .Select(notice => new NoticeView(notice.Id, notice.Kind, notice.Recipient, notice.State, notice.CreatedAt, notice.SentAt, notice.LastError)).ToListAsync(cancel);
        var names = await staff.NamesAsync(Members(request, tasks, entries), cancel);
        var timeline = new TimelineReader(map, tasks, names, key);
        return new Output(Detail(request, caller, key) with
        {
            Assignee = Name(names, request.Assignee),
            ApprovedBy = Name(names, request.ApprovedBy),
            Deadline = DeadlineView.Of(request, map.Controller.Today(time), map.Controller),
            Identifiers = await IdentifiersAsync(request, key, cancel),
            Tasks = [.. tasks.Select(task => TaskView.Of(task, request, key, stops.Exists(stop => stop.Holds(task.Controller, task.System)), names) with { RestoredTo = task.Restore is { } restore ? restores.GetValueOrDefault(restore) : null })],
            Kept = await KeptAsync(request, map.Controller.Today(time), cancel),
            Notices = notices,
            HasPackage = await db.Set<StoredFile>().AnyAsync(file => file.RequestId == request.Id && file.TaskId == null && file.Part == BuildPackage.Part, cancel),
            Timeline = [.. entries.Select(timeline.Read)],
        }, map, request);
    }

    /// <summary>The moves of the table, less an extension for which the law leaves no room any more.</summary>
    public static IReadOnlyList<RequestMove> AllowedMoves(DataSubjectRequest request, StaffCaller caller, DateTimeOffset now) =>
        [.. caller.MovesAt(request.Controller, request.Status).Where(move => move != RequestMove.Extend || ExtendDeadline.IsPossible(request, now))];

    private RequestDetail Detail(DataSubjectRequest request, StaffCaller caller, DataKey key)
    {
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        var plan = request.Plan is null ? null : PlanRequest.Read(request);
        return new()
        {
            Reference = request.Reference,
            Submission = request.Submission,
            Controller = request.Controller,
            Right = request.Right,
            Status = request.Status,
            AllowedMoves = AllowedMoves(request, caller, time.GetUtcNow()),
            WaitingFor = request.WaitingFor,
            OnHold = request.OnHold,
            Deadline = null!,
            ExtensionReason = request.ExtensionReason is null ? null : key.OpenText(RequestFields.ExtensionReason(request.Id), request.ExtensionReason),
            Assignee = null,
            Channel = request.Channel,
            Language = request.Language,
            Country = request.Country,
            ReceivedAt = request.ReceivedAt,
            IdentityConfirmedAt = request.IdentityConfirmedAt,
            ApprovedAt = request.ApprovedAt,
            ClosedAt = request.ClosedAt,
            Requester = intake.Requester,
            Subject = intake.Subject,
            Details = intake.Details,
            Erasure = intake.Erasure,
            Corrections = intake.Corrections,
            Evidence = intake.Evidence,
            Restriction = intake.Restriction,
            Objection = intake.Objection,
            Identifiers = [],
            Plan = plan is null ? [] : [.. plan.Rows.Select(PlanRowView.Of)],
            Questions = plan?.Questions ?? [],
            Answers = request.PlanAnswers is null
                ? new Dictionary<string, QuestionAnswer>()
                : key.OpenJson<Dictionary<string, QuestionAnswer>>(RequestFields.PlanAnswers(request.Id), request.PlanAnswers),
            Reasons = request.PlanReasons is null
                ? new Dictionary<string, string>()
                : key.OpenJson<Dictionary<string, string>>(RequestFields.PlanReasons(request.Id), request.PlanReasons),
            Unreachable = plan?.Unreachable ?? [],
            Recipients = plan?.Notices ?? [],
            Tasks = [],
            Notices = [],
            Answer = request.Answer is null ? null : key.OpenJson<AnswerContent>(RequestFields.Answer(request.Id), request.Answer),
            RefusalGround = request.RefusalGround,
            Timeline = [],
        };
    }

    private async Task<IReadOnlyList<IdentifierView>> IdentifiersAsync(DataSubjectRequest request, DataKey key, CancellationToken cancel) =>
        [.. (await db.Set<RequestIdentifier>().AsNoTracking().Where(row => row.RequestId == request.Id).OrderBy(row => row.Id).ToListAsync(cancel))
            .Select(row => new IdentifierView(row.Kind, key.OpenText(RequestIdentifier.ValueField(row.Id), row.Value), row.Verified, row.Source))];

    private Task<List<KeptView>> KeptAsync(DataSubjectRequest request, DateOnly today, CancellationToken cancel) =>
        (from item in db.Set<KeptItem>()
         where item.Reference == request.Reference
         join task in db.Set<RequestTask>() on item.Erasure equals (Guid?)task.Id into erasures
         from erasure in erasures.DefaultIfEmpty()
         orderby item.System, item.Category, item.Id
         select new KeptView(item.System, item.Category, item.Count, item.Reason, item.LegalBasis, item.Until, erasure == null ? null : erasure.CreatedAt, item.EndedAt,
             item.Until < today && item.Erasure == null && item.EndedAt == null && item.Handle == null))
        .ToListAsync(cancel);

    private static IEnumerable<Guid> Members(DataSubjectRequest request, List<RequestTask> tasks, List<AuditEntry> entries) =>
        new[] { request.Assignee, request.ApprovedBy }.Concat(tasks.Select(task => task.SetAsideBy)).OfType<Guid>()
            .Concat(entries.Select(entry => TimelineReader.Member(entry.Actor)).OfType<Guid>());

    private static StaffName? Name(IReadOnlyDictionary<Guid, StaffName> names, Guid? member) => member is { } id ? names.GetValueOrDefault(id) : null;
}
