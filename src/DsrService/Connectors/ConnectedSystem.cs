using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Connectors;

/// <summary>The installation's side of a system that the data map names: where it is and how both sides know each other.</summary>
internal sealed class ConnectedSystem
{
    public required string Controller { get; init; }
    public required string System { get; init; }

    /// <summary>Where tasks are pushed to (http and opendsr bindings).</summary>
    public string? Address { get; set; }

    /// <summary>SHA-256 of the bearer token of the systems API.</summary>
    public required byte[] TokenHash { get; set; }

    /// <summary>Key of the JWE on the bus, wrapped.</summary>
    public required byte[] SealingKey { get; set; }

    /// <summary>Standard Webhooks secret, wrapped.</summary>
    public required byte[] WebhookSecret { get; set; }

    /// <summary>The secret before, wrapped: pushes carry its signature too until <see cref="FormerWebhookUntil"/>.</summary>
    public byte[]? FormerWebhookSecret { get; set; }
    public DateTimeOffset? FormerWebhookUntil { get; set; }

    /// <summary>What a peer asks for in the header <c>Authorization</c>, wrapped (opendsr binding).</summary>
    public byte[]? Authorization { get; set; }

    /// <summary>Certificates the peer may sign with, as PEM; without them an authority must vouch for the one it publishes (opendsr binding).</summary>
    public string? Certificates { get; set; }

    /// <summary>The key-encryption key that wraps the secrets.</summary>
    public required string KeyId { get; set; }

    public DateTimeOffset? LastAnswerAt { get; set; }
    public DateTimeOffset? LastErrorAt { get; set; }
    public string? LastError { get; set; }

    /// <summary>It failed too often: nothing is pushed to it before then. Null where the circuit is closed.</summary>
    public DateTimeOffset? CircuitOpenUntil { get; set; }

    /// <summary>The account the broker vouches for.</summary>
    public string BusAccount => $"{Controller}.{System}";

    internal sealed class Mapping : IEntityTypeConfiguration<ConnectedSystem>
    {
        public void Configure(EntityTypeBuilder<ConnectedSystem> builder)
        {
            builder.ToTable("connected_systems").HasKey(system => new { system.Controller, system.System });
            builder.Ignore(system => system.BusAccount);
        }
    }
}
