using System.Security.Cryptography;
using DsrService.Applicability.Rules;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment.Restores;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Restrictions;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Fulfilment;

/// <summary>Puts tasks together as their systems read them, identifiers opened: for sending, and for systems that fetch.</summary>
internal sealed class OpenTasks(DsrDbContext db, RequestKeys keys, KeyRing ring, IOptions<DsrOptions> options, ILogger<OpenTasks> log)
{
    public static readonly TimeSpan TimeForKept = TimeSpan.FromDays(30);

    public async Task<IReadOnlyList<OutgoingTask>> HandleAsync(IReadOnlyCollection<RequestTask> tasks, DateTimeOffset now, CancellationToken cancel)
    {
        if (tasks.Count == 0)
            return [];
        var ids = tasks.Select(task => task.RequestId).Distinct().ToList();
        var requests = await db.Set<DataSubjectRequest>().AsNoTracking().Where(request => ids.Contains(request.Id))
            .ToDictionaryAsync(request => request.Id, cancel);
        var identifiers = (await db.Set<RequestIdentifier>().AsNoTracking().Where(row => ids.Contains(row.RequestId)).OrderBy(row => row.Id).ToListAsync(cancel))
            .ToLookup(row => row.RequestId);
        var controllers = tasks.Select(task => task.Controller).Distinct().ToList();
        var systems = await db.Set<ConnectedSystem>().AsNoTracking().Where(system => controllers.Contains(system.Controller))
            .ToDictionaryAsync(system => (system.Controller, system.System), cancel);
        var redone = tasks.Select(task => task.Redoes).OfType<Guid>().Distinct().ToList();
        var records = redone.Count == 0 ? [] : await db.Set<RedoRecord>().AsNoTracking().Where(record => redone.Contains(record.TaskId))
            .ToDictionaryAsync(record => record.TaskId, record => record.Open(ring), cancel);
        var rectifying = await RectifyingAsync(tasks, cancel);
        var opened = ids.ToDictionary(id => id, id => keys.Open(requests[id]));
        var secrets = systems.ToDictionary(system => system.Key, system => SecretsOf(system.Value, now));
        // Tasks of one request go out together, and mostly with the same.
        var known = new Dictionary<Guid, SubjectIdentifier>();
        return [.. tasks.Select(task => Outgoing(task, requests[task.RequestId], opened[task.RequestId],
            IdentifiersFor(task, identifiers[task.RequestId], RectifiedIdentifiers.KindsAt(task.System, requests[task.RequestId], rectifying[task.RequestId]))
                .Where(row => row.LeadsToData(requests[row.RequestId])).Select(Known),
            task.Redoes is { } first ? records.GetValueOrDefault(first) : null, secrets.GetValueOrDefault((task.Controller, task.System)), now))];

        SubjectIdentifier Known(RequestIdentifier row) =>
            known.TryGetValue(row.Id, out var identifier) ? identifier : known[row.Id] = Identifier(row, opened[row.RequestId]);
    }

    /// <summary>What a task may be sent with. A system finds what it restricted under the value that it has put there since; elsewhere
    /// that value may lead to somebody else.</summary>
    /// <param name="task">The task.</param>
    /// <param name="identifiers">All of its request.</param>
    /// <param name="rectifiedThere">Kinds of which its system has put a new value in the place of the former.</param>
    public static IEnumerable<RequestIdentifier> IdentifiersFor(RequestTask task, IEnumerable<RequestIdentifier> identifiers, IEnumerable<string> rectifiedThere) =>
        identifiers.Where(row => row.Source != RequestIdentifier.Rectification || task.IsLifting && rectifiedThere.Contains(row.Kind));

    private async Task<ILookup<Guid, RequestTask>> RectifyingAsync(IEnumerable<RequestTask> tasks, CancellationToken cancel)
    {
        var lifting = tasks.Where(task => task.IsLifting).Select(task => task.RequestId).Distinct().ToList();
        return (lifting.Count == 0 ? [] : await db.Set<RequestTask>().AsNoTracking().Where(task => lifting.Contains(task.RequestId) && task.Action == TaskAction.Rectify).ToListAsync(cancel))
            .ToLookup(task => task.RequestId);
    }

    private sealed record SystemSecrets(string? Address, string Sealing, string Webhook, string? FormerWebhook);

    // One system whose secrets were sealed under another key must not keep the others' tasks back: it has none, and shows it.
    private SystemSecrets SecretsOf(ConnectedSystem system, DateTimeOffset now)
    {
        try
        {
            return new(system.Address, ring.OpenSealingKey(system), ring.OpenWebhookSecret(system), ring.OpenFormerWebhookSecret(system, now));
        }
        catch (Exception error) when (error is CryptographicException or IOException)
        {
            log.LogError("The secrets of {Controller}/{System} cannot be opened: the key they were sealed under is not in Dsr:Keys, or another. New ones: system add --replace", system.Controller, system.System);
            return new(system.Address, "", "", null);
        }
    }

    private OutgoingTask Outgoing(RequestTask task, DataSubjectRequest request, DataKey key, IEnumerable<SubjectIdentifier> identifiers, RedoContent? again, SystemSecrets? secrets, DateTimeOffset now)
    {
        return new OutgoingTask
        {
            RequestId = task.RequestId,
            Binding = task.Binding,
            Address = secrets?.Address,
            SealingKey = secrets?.Sealing ?? "",
            WebhookSecret = secrets?.Webhook ?? "",
            FormerWebhookSecret = secrets?.FormerWebhook,
            Task = new SystemTask
            {
                TaskId = task.Id,
                Reference = request.Reference,
                Controller = task.Controller,
                System = task.System,
                Action = task.Action,
                Identifiers = task.IsByHandle ? [] : again?.Identifiers ?? [.. identifiers],
                Scope = task.ScopeItems,
                Corrections = again is not null ? again.Corrections : request.Right == Right.Rectification && Corrections(task, request, key) is { Count: > 0 } corrections
                    ? corrections
                    : null,
                IssuedAt = now,
                DueAt = task.EndsKept || task.Redoes is not null ? task.CreatedAt + TimeForKept : request.DueEndAt,
                Attempt = task.Attempt,
                Preview = task.Preview,
                Verifies = task.Verifies,
                Links = Links(task.Id),
            },
        };
    }

    internal static IReadOnlyList<SubjectIdentifier> Identifiers(IEnumerable<RequestIdentifier> identifiers, DataSubjectRequest request, DataKey key) =>
        [.. identifiers.Where(row => row.LeadsToData(request)).Select(row => Identifier(row, key))];

    private static SubjectIdentifier Identifier(RequestIdentifier row, DataKey key) =>
        new(row.Kind, key.OpenText(RequestIdentifier.ValueField(row.Id), row.Value), row.Verified);

    // Only what was decided for the person; where a statement is added the value stays.
    internal static IReadOnlyList<Correction> Corrections(RequestTask task, DataSubjectRequest request, DataKey key)
    {
        var plan = PlanRequest.Read(request);
        var granted = plan.Steps.FirstOrDefault(step => step.Key == task.Step)?.Fields ?? [];
        return [.. key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake).Corrections
            .Where(correction => granted.Contains(correction.Field))
            .Select(correction => plan.Fields.Any(field => field.System == task.System && field.Field == correction.Field && field.Decision == Decision.Partial)
                ? correction with { Requested = default, Statement = string.IsNullOrWhiteSpace(correction.Statement.Reveal()) ? correction.Requested : correction.Statement }
                : correction)];
    }

    private TaskLinks Links(Guid task)
    {
        var root = $"{(options.Value.SystemsAddress ?? options.Value.PublicAddress).TrimEnd('/')}/systems/v1/tasks/{task}";
        return new TaskLinks(new($"{root}/accept"), new($"{root}/heartbeat"), new($"{root}/data"), new($"{root}/receipt"), new($"{root}/failure"));
    }
}
