using DsrService.Applicability.Rules;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Fulfilment.Plan;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Restrictions;

/// <summary>Keeps what stays in force for a person: begun in the transaction of the proof that it took effect (an objection
/// to marketing on receipt), ended in that of the proof that it was lifted. The request's row is locked.</summary>
internal sealed class KeepStates(DsrDbContext db, DataMaps maps, RequestKeys keys, RectifiedIdentifiers rectified, AnnounceStates announce, AuditLog audit, TimeProvider time)
{
    private sealed record Subject(DataSubjectRequest Request, ControllerDataMap Map, DataKey Key, IReadOnlyList<RequestIdentifier> Identifiers, List<StandingState> States);

    private sealed record Wanted(StandingKind State, string? System, string? Purpose = null, string? Categories = null);

    /// <summary>What the tasks of these requests have proved by now.</summary>
    public async Task AfterReceiptsAsync(IEnumerable<OpenRequest> open, CancellationToken cancel)
    {
        var proved = open.Select(request => (Request: request, Tasks: Proved(request))).Where(pair => pair.Tasks.Count > 0).ToList();
        if (proved.Count == 0)
            return;
        var ids = proved.ConvertAll(pair => pair.Request.Request.Id);
        var states = (await db.Set<StandingState>().Where(state => ids.Contains(state.RequestId)).ToListAsync(cancel)).ToLookup(state => state.RequestId);
        foreach (var (request, tasks) in proved)
            await SucceedAsync(request, await rectified.AfterProofAsync(request, tasks, cancel), cancel);
        foreach (var (request, tasks) in proved)
        {
            var subject = new Subject(request.Request, request.Map, request.Key, request.Identifiers, [.. states[request.Request.Id]]);
            await BeginAsync(subject, [.. tasks.SelectMany(task => Begun(subject, task))], cancel);
            foreach (var task in tasks)
                if (task.Action == TaskAction.LiftRestriction)
                    await EndAsync(subject, state => state.State == StandingKind.Restriction && state.System == task.System, cancel);
                else if (task.Action == TaskAction.ResumeProcessing && Purposes(subject, task.System) is { Count: > 0 } purposes)
                    await EndAsync(subject, state => state.State == StandingKind.Objection && purposes.Contains(state.Purpose!) && (state.System is null || state.System == task.System), cancel);
        }
    }

    /// <summary>An objection that nobody weighs holds from its receipt (Art. 21(3)), whatever the systems do when.</summary>
    public async Task OnReceiptAsync(DataSubjectRequest request, DataKey key, RequestPlan plan, CancellationToken cancel)
    {
        var subject = await SubjectAsync(request, key, cancel);
        await BeginAsync(subject, [.. plan.Suppressions.Select(suppression => new Wanted(StandingKind.Objection, null, suppression.Purpose))], cancel);
    }

    /// <summary>Once a person has decided: an erasure puts the person on the suppression list where marketing was erased, as
    /// the letter says; of what is refused or taken back nothing holds but what a system has done.</summary>
    public async Task AfterDecisionAsync(DataSubjectRequest request, DataKey key, CancellationToken cancel)
    {
        if (request is { Right: Right.Erasure, Status: RequestStatus.Fulfilled or RequestStatus.PartlyFulfilled })
        {
            if (PlanRequest.Read(request).Suppressions.Any(suppression => suppression.Purpose == ObjectionRules.DirectMarketing))
                await BeginAsync(await SubjectAsync(request, key, cancel), [new Wanted(StandingKind.Suppression, null, ObjectionRules.DirectMarketing)], cancel);
        }
        else if (request.Right == Right.Objection && request.Status is RequestStatus.Refused or RequestStatus.Withdrawn)
            await EndAsync(await SubjectAsync(request, key, cancel), state => state.System is null, cancel);
    }

    /// <summary>Whoever sets a lifting aside answers for it that nothing is restricted there any more: no system will.</summary>
    public async Task AfterLiftingIsSetAsideAsync(DataSubjectRequest request, DataKey key, string system, CancellationToken cancel) =>
        await EndAsync(await SubjectAsync(request, key, cancel), state => state.State == StandingKind.Restriction && state.System == system, cancel);

    private async Task<Subject> SubjectAsync(DataSubjectRequest request, DataKey key, CancellationToken cancel)
    {
        await db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id).LoadAsync(cancel);
        return new(request, await maps.ForAsync(request.DataMapVersion, cancel), key,
            [.. db.Set<RequestIdentifier>().Local.Where(row => row.RequestId == request.Id)],
            await db.Set<StandingState>().Where(state => state.RequestId == request.Id).ToListAsync(cancel));
    }

    // What holds for a person holds under the new address as under the old: a list looked up by it must not begin anew.
    private async Task SucceedAsync(OpenRequest open, IReadOnlyList<RectifiedIdentifiers.Change> changes, CancellationToken cancel)
    {
        foreach (var (identifier, former) in changes)
        {
            await LockAsync(identifier.Controller, cancel);
            var (controller, kind, now) = (identifier.Controller, identifier.Kind, time.GetUtcNow());
            var added = await db.Database.ExecuteSqlAsync($"""
                INSERT INTO dsr.identifier_successions (id, controller, kind, hash, former_hash, request_id, since)
                SELECT gen_random_uuid(), {controller}, {kind}, {identifier.Hash}, former.hash, {open.Request.Id}, {now}
                FROM (SELECT unnest({former}) AS hash
                      UNION SELECT former_hash FROM dsr.identifier_successions WHERE controller = {controller} AND kind = {kind} AND hash = ANY({former})) former
                WHERE former.hash <> {identifier.Hash}
                ON CONFLICT DO NOTHING
                """, cancel);
            if (added == 0)
                continue;
            await db.SaveChangesAsync(cancel);
            var inForce = await db.Set<StandingState>().AsNoTracking().Where(state => state.Controller == controller && state.Kind == kind && state.EndedAt == null && state.State != StandingKind.Erasure
                && db.Set<IdentifierSuccession>().Any(row => row.Controller == controller && row.Kind == kind && row.Hash == identifier.Hash && row.FormerHash == state.Hash)).ToListAsync(cancel);
            audit.Record(db, open.Request, AuditLog.Service, "identifier.rectified", new { kind, states = inForce.Select(state => (state.State, state.System, state.Purpose)).Distinct().Select(row => new { row.State, row.System, row.Purpose }) });
            foreach (var group in inForce.GroupBy(state => (state.State, state.Purpose)))
                await announce.AddAsync(open.Map, open.Key, group.Key.State, group.Key.Purpose, SubjectStateChange.Begun, [identifier], cancel);
        }
    }

    // A state that begins or ends while another address takes this one's place is announced for both.
    private async Task LockAsync(string controller, CancellationToken cancel)
    {
        var name = $"identifier-successions:{controller}";
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext({name}))", cancel);
    }

    // What the person is known by instead of these, in their requests and with those requests' keys.
    private async Task<List<(DataKey Key, RequestIdentifier Identifier)>> SuccessorsAsync(string controller, IReadOnlyCollection<(string Kind, byte[] Hash)> of, CancellationToken cancel)
    {
        var hashes = of.Select(one => one.Hash).ToList();
        var rows = await (from row in db.Set<IdentifierSuccession>().AsNoTracking()
                          join request in db.Set<DataSubjectRequest>().AsNoTracking() on row.RequestId equals request.Id
                          join identifier in db.Set<RequestIdentifier>().AsNoTracking() on new { row.RequestId, row.Kind, row.Hash } equals new { identifier.RequestId, identifier.Kind, identifier.Hash }
                          where row.Controller == controller && hashes.Contains(row.FormerHash)
                          select new { row.Kind, row.FormerHash, Request = request, Identifier = identifier }).ToListAsync(cancel);
        return [.. rows.Where(row => of.Any(one => one.Kind == row.Kind && one.Hash.AsSpan().SequenceEqual(row.FormerHash)))
            .DistinctBy(row => row.Identifier.Id).Select(row => (keys.Open(row.Request), row.Identifier))];
    }

    private static List<RequestTask> Proved(OpenRequest open)
    {
        var relevant = open.Tasks.Where(task => task is { Preview: false, Verifies: null, ReplacedBy: null, State: TaskState.Done or TaskState.Verified }
            && task.Action is TaskAction.Restrict or TaskAction.LiftRestriction or TaskAction.StopProcessing or TaskAction.ResumeProcessing or TaskAction.Erase or TaskAction.Rectify).ToList();
        if (relevant.Count == 0)
            return relevant;
        var steps = open.Plan.Steps.ToDictionary(step => step.Key, StringComparer.Ordinal);
        return relevant.FindAll(task => Progress.IsProved(task, open.Map, steps));
    }

    private static IEnumerable<Wanted> Begun(Subject subject, RequestTask task)
    {
        var items = task.ReceiptItems;
        return task.Action switch
        {
            TaskAction.Restrict when task.IsUncounted || items.Exists(item => item.Restricted > 0) => [new(StandingKind.Restriction, task.System)],
            // Nothing there to stop now is no leave to begin.
            TaskAction.StopProcessing when task.Outcome is not (null or ReceiptOutcome.Refused) => Purposes(subject, task.System).Select(purpose => new Wanted(StandingKind.Objection, task.System, purpose)),
            TaskAction.Erase when items.FindAll(item => item.Erased + item.Anonymised > 0 && item.Retained == 0) is { Count: > 0 } gone && gone.Exists(item => item.Erased > 0) && !task.EndsKept =>
                [new(StandingKind.Erasure, task.System, Categories: string.Join(' ', gone.Select(item => item.Category)))],
            TaskAction.Erase when task.IsUncounted && !task.EndsKept =>
                [new(StandingKind.Erasure, task.System, Categories: string.Join(' ', task.ScopeItems
                    .Where(item => item.Decision == ScopeDecision.Act).Select(item => item.Category)))],
            _ => [],
        };
    }

    private static List<string> Purposes(Subject subject, string system) => subject.Request.Right != Right.Objection ? [] :
        [.. PlanRequest.Read(subject.Request).Rows.Where(row => row.System == system && row.Decision is Decision.Grant or Decision.Partial)
            .SelectMany(row => row.Activities).Select(key => subject.Map.Activities.First(activity => activity.Key == key))
            .Select(activity => activity.IsDirectMarketing ? ObjectionRules.DirectMarketing : activity.Key).Distinct()];

    private async Task BeginAsync(Subject subject, IReadOnlyCollection<Wanted> wanted, CancellationToken cancel)
    {
        var (request, now) = (subject.Request, time.GetUtcNow());
        var begun = new List<(StandingState State, RequestIdentifier Identifier, bool First)>();
        foreach (var want in wanted)
            foreach (var identifier in subject.Identifiers.Where(row => row.LeadsToData(request) && row.Source != RequestIdentifier.Rectification))
            {
                var same = subject.States.FindAll(state => state.State == want.State && state.Purpose == want.Purpose && state.IsOf(identifier.Hash, identifier.Kind));
                if (same.Exists(state => state.System == want.System))
                    continue;
                var state = new StandingState
                {
                    Id = Guid.CreateVersion7(),
                    Controller = request.Controller,
                    State = want.State,
                    Kind = identifier.Kind,
                    Hash = identifier.Hash,
                    System = want.System,
                    Purpose = want.Purpose,
                    Categories = want.Categories,
                    RequestId = request.Id,
                    Reference = request.Reference,
                    Since = now,
                };
                db.AddLeaf(state);
                subject.States.Add(state);
                begun.Add((state, identifier, !same.Exists(other => other.EndedAt is null)));
            }
        if (begun.Count == 0)
            return;
        audit.Record(db, request, AuditLog.Service, "state.began", new { states = begun.Select(row => (row.State.State, row.State.System, row.State.Purpose)).Distinct().Select(row => new { row.State, row.System, row.Purpose }) });
        var news = begun.Where(row => row.First && row.State.State != StandingKind.Erasure).ToList();
        if (news.Count > 0)
            await LockAsync(request.Controller, cancel);
        foreach (var group in news.GroupBy(row => (row.State.State, row.State.Purpose)))
        {
            var identifiers = group.Select(row => row.Identifier).Distinct().ToList();
            await announce.AddAsync(subject.Map, subject.Key, group.Key.State, group.Key.Purpose, SubjectStateChange.Begun, identifiers, cancel);
            foreach (var (key, successor) in await SuccessorsAsync(request.Controller, identifiers.ConvertAll(row => (row.Kind, row.Hash)), cancel))
                await announce.AddAsync(subject.Map, key, group.Key.State, group.Key.Purpose, SubjectStateChange.Begun, [successor], cancel);
        }
    }

    private async Task EndAsync(Subject subject, Func<StandingState, bool> which, CancellationToken cancel)
    {
        var ending = subject.States.FindAll(state => state.EndedAt is null && which(state));
        if (ending.Count == 0)
            return;
        await LockAsync(subject.Request.Controller, cancel);
        foreach (var state in ending)
            state.EndedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        audit.Record(db, subject.Request, AuditLog.Service, "state.ended", new { states = ending.Select(state => (state.State, state.System, state.Purpose)).Distinct().Select(row => new { row.State, row.System, row.Purpose }) });
        var (hashes, controller) = (ending.ConvertAll(state => state.Hash), subject.Request.Controller);
        // What another request or another system still holds in force has not ended for the person.
        var standing = await db.Set<StandingState>().AsNoTracking()
            .Where(state => state.Controller == controller && state.EndedAt == null && hashes.Contains(state.Hash)).ToListAsync(cancel);
        foreach (var group in ending.Where(state => !standing.Exists(other => other.State == state.State && other.Purpose == state.Purpose && other.IsOf(state.Hash, state.Kind))).GroupBy(state => (state.State, state.Purpose)))
        {
            await announce.AddAsync(subject.Map, subject.Key, group.Key.State, group.Key.Purpose, SubjectStateChange.Ended,
                [.. subject.Identifiers.Where(row => group.Any(state => state.IsOf(row.Hash, row.Kind)))], cancel);
            foreach (var (key, successor) in await SuccessorsAsync(controller, [.. group.Select(state => (state.Kind, state.Hash))], cancel))
                if (!await HoldsAsync(successor, group.Key.State, group.Key.Purpose, cancel))
                    await announce.AddAsync(subject.Map, key, group.Key.State, group.Key.Purpose, SubjectStateChange.Ended, [successor], cancel);
        }
    }

    // Under its own value or another that it took the place of.
    private Task<bool> HoldsAsync(RequestIdentifier identifier, StandingKind kind, string? purpose, CancellationToken cancel) =>
        db.Set<StandingState>().AnyAsync(state => state.Controller == identifier.Controller && state.Kind == identifier.Kind && state.State == kind && state.Purpose == purpose
            && state.EndedAt == null && (state.Hash == identifier.Hash
                || db.Set<IdentifierSuccession>().Any(row => row.Controller == identifier.Controller && row.Kind == identifier.Kind && row.Hash == identifier.Hash && row.FormerHash == state.Hash)), cancel);
}
