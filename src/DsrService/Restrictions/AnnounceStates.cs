using System.Text.Json;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Restrictions;

/// <summary>Queues what the systems on the bus are told of states that begin or end: each of what it knows people by and no
/// more, sealed for it alone.</summary>
internal sealed class AnnounceStates(DsrDbContext db, KeyRing ring, TimeProvider time)
{
    public async Task AddAsync(ControllerDataMap map, DataKey key, StandingKind state, string? purpose, SubjectStateChange change, IReadOnlyList<RequestIdentifier> identifiers, CancellationToken cancel)
    {
        if (state == StandingKind.Erasure || identifiers.Count == 0)
            return;
        var controller = map.Controller.Key;
        var connected = await db.Set<Connectors.ConnectedSystem>().AsNoTracking().Where(row => row.Controller == controller).ToDictionaryAsync(row => row.System, cancel);
        var now = time.GetUtcNow();
        foreach (var system in map.Systems.Where(system => system.Binding == Binding.Bus && connected.ContainsKey(system.Key)))
        {
            var known = identifiers.Where(row => system.Needs.Contains(row.Kind)).ToList();
            if (known.Count == 0)
                continue;
            var message = new SubjectStateChanged
            {
                EventId = Guid.CreateVersion7(),
                Controller = controller,
                System = system.Key,
                State = Enum.Parse<SubjectState>(state.ToString()),
                Change = change,
                Purpose = purpose,
                At = now,
                Identifiers = [.. known.Select(row => new SubjectIdentifier(row.Kind, key.OpenText(RequestIdentifier.ValueField(row.Id), row.Value), row.Verified))],
            };
            db.Add(new StateAnnouncement
            {
                Id = message.EventId,
                Controller = controller,
                System = system.Key,
                Message = JsonSerializer.Serialize(SubjectSeal.Seal(message, ring.OpenSealingKey(connected[system.Key])), DsrJson.Options),
                CreatedAt = now,
                NextAttemptAt = now,
            });
        }
    }
}
