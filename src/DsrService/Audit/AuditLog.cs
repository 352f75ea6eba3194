using System.Text.Json;
using DsrService.Data;
using DsrService.Sdk.Contracts;

namespace DsrService.Audit;

/// <summary>Writes audit entries into the transaction of what they tell of.</summary>
internal sealed class AuditLog(TimeProvider time)
{
    public const string Service = "service";
    public const string Person = "person";

    public static string Staff(Guid member) => $"staff:{member}";

    public static string System(string controller, string system) => $"system:{controller}/{system}";

    public static string Caller(string controller, string caller) => $"caller:{controller}/{caller}";

    /// <summary>Adds the next entry of a chain whose row is locked or new. <paramref name="facts"/> become JSON and hold
    /// no personal data unless sealed.</summary>
    public void Record(DsrDbContext db, IAuditChain chain, string actor, string @event, object? facts = null)
    {
        // Postgres keeps microseconds; the hash must be the same when read back.
        var now = time.GetUtcNow();
        var at = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var text = facts is null ? "{}" : JsonSerializer.Serialize(facts, DsrJson.Options);
        var sequence = chain.AuditSequence + 1;
        var hash = AuditHash.Of(chain.Chain, sequence, at, actor, @event, text, chain.AuditHead);
        db.AddLeaf(new AuditEntry
        {
            Chain = chain.Chain,
            Sequence = sequence,
            At = at,
            Actor = actor,
            Event = @event,
            Facts = text,
            Previous = chain.AuditHead,
            Hash = hash,
        });
        chain.AuditSequence = sequence;
        chain.AuditHead = hash;
    }
}
