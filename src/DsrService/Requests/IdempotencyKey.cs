using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Requests;

/// <summary>An <c>Idempotency-Key</c> seen at intake; the body is kept only as a hash keyed per controller.</summary>
internal sealed class IdempotencyKey
{
    public required string Controller { get; init; }
    public required string Key { get; init; }
    public required byte[] BodyHash { get; init; }
    public required Guid RequestId { get; init; }

    /// <summary>The first answer as JSON, given again to every repetition. No personal data.</summary>
    public required string Answer { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<IdempotencyKey>
    {
        public void Configure(EntityTypeBuilder<IdempotencyKey> builder) =>
            builder.ToTable("idempotency_keys").HasKey(key => new { key.Controller, key.Key });
    }
}
