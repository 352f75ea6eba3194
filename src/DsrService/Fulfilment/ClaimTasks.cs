using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Connectors;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using System.Text.Json;

namespace DsrService.Fulfilment;

/// <summary>Takes due tasks: each row is claimed by moving its next attempt on, so that a process that dies in between
/// loses nothing and two never send the same attempt.</summary>
internal sealed class ClaimTasks(DsrDbContext db, RequestKeys keys, KeyRing ring, TimeProvider time, IOptions<DsrOptions> options)
{
    public async Task<IReadOnlyList<OutgoingTask>> HandleAsync(int limit, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        // If nothing is heard it is asked again after 30 seconds (10 where it only looks), doubling, an hour at most, and
        // a tenth by chance so that a thousand tasks of one hour do not all come back at once. Nothing goes out for a
        // request on hold or to a stopped system; a notice may go out after the answer; an erasure waits for an access
        // or a portability of the same submission.
        var claimed = await db.Set<RequestTask>().FromSql($"""
            WITH due AS (
                SELECT t.id FROM dsr.tasks t
                JOIN dsr.requests r ON r.id = t.request_id
                LEFT JOIN dsr.connected_systems s ON s.controller = t.controller AND s.system = t.system
                WHERE t.next_attempt_at <= {now}
                  AND NOT r.on_hold
                  AND NOT coalesce(s.stopped, false)
                  AND (r.status IN ('planned', 'in-progress')
                       OR (t.action = 'notify' AND r.status IN ('awaiting-decision', 'fulfilled', 'partly-fulfilled')))
                  AND NOT (r."right" = 'erasure' AND t.action = 'erase' AND NOT t.preview AND EXISTS (
                       SELECT 1 FROM dsr.requests o WHERE o.submission = r.submission AND o.id <> r.id
                         AND o."right" IN ('access', 'portability')
                         AND o.status IN ('received', 'awaiting-identity', 'planned', 'in-progress', 'awaiting-decision')))
                ORDER BY t.next_attempt_at
                LIMIT {limit}
                FOR UPDATE OF t SKIP LOCKED)
            UPDATE dsr.tasks t
            SET attempt = t.attempt + 1,
                next_attempt_at = {now} + least(CASE WHEN t.preview OR t.action = 'locate' THEN 10 ELSE 30 END * power(2, least(t.attempt, 20)), 3600) * (1 + random() / 10) * interval '1 second'
            FROM due WHERE t.id = due.id
            RETURNING t.*
            """).AsNoTracking().ToListAsync(cancel);
        return claimed.Count == 0 ? [] : await OpenAsync(claimed, now, cancel);
    }

    private async Task<IReadOnlyList<OutgoingTask>> OpenAsync(List<RequestTask> claimed, DateTimeOffset now, CancellationToken cancel)
    {
        var ids = claimed.Select(task => task.RequestId).Distinct().ToList();
        var requests = await db.Set<DataSubjectRequest>().AsNoTracking().Where(request => ids.Contains(request.Id))
            .ToDictionaryAsync(request => request.Id, cancel);
        var identifiers = (await db.Set<RequestIdentifier>().AsNoTracking().Where(row => ids.Contains(row.RequestId)).ToListAsync(cancel))
            .ToLookup(row => row.RequestId);
        var controllers = claimed.Select(task => task.Controller).Distinct().ToList();
        var systems = await db.Set<ConnectedSystem>().AsNoTracking().Where(system => controllers.Contains(system.Controller))
            .ToDictionaryAsync(system => (system.Controller, system.System), cancel);
        var opened = ids.ToDictionary(id => id, id => keys.Open(requests[id]));
        return [.. claimed.Select(task => Outgoing(task, requests[task.RequestId], opened[task.RequestId], identifiers[task.RequestId],
            systems.GetValueOrDefault((task.Controller, task.System)), now))];
    }

    private OutgoingTask Outgoing(RequestTask task, DataSubjectRequest request, DataKey key, IEnumerable<RequestIdentifier> identifiers, ConnectedSystem? system, DateTimeOffset now)
    {
        var due = request.DueEndAt;
        return new OutgoingTask
        {
            RequestId = task.RequestId,
            Binding = task.Binding,
            Address = system?.Address,
            SealingKey = system is null ? "" : ring.OpenSealingKey(system),
            WebhookSecret = system is null ? "" : ring.OpenWebhookSecret(system),
            Task = new SystemTask
            {
                TaskId = task.Id,
                Reference = request.Reference,
                Controller = task.Controller,
                System = task.System,
                Action = task.Action,
                Identifiers = [.. identifiers.Where(row => row.Verified || request.IdentityConfirmedAt is null)
                    .Select(row => new SubjectIdentifier(row.Kind, key.OpenText(RequestIdentifier.ValueField(row.Id), row.Value), row.Verified))],
                Scope = JsonSerializer.Deserialize<List<ScopeItem>>(task.Scope, DsrJson.Options)!,
                Corrections = task.Action == TaskAction.Rectify || task.Verifies is not null && request.Right == Right.Rectification
                    ? key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake).Corrections
                    : null,
                IssuedAt = now,
                DueAt = due,
                Attempt = task.Attempt,
                Preview = task.Preview,
                Verifies = task.Verifies,
                Links = Links(task.Id),
            },
        };
    }

    private TaskLinks Links(Guid task)
    {
        var root = $"{(options.Value.SystemsAddress ?? options.Value.PublicAddress).TrimEnd('/')}/systems/v1/tasks/{task}";
        return new TaskLinks(new($"{root}/accept"), new($"{root}/heartbeat"), new($"{root}/data"), new($"{root}/receipt"), new($"{root}/failure"));
    }
}
