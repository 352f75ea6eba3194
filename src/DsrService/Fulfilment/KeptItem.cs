using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Fulfilment;

/// <summary>Something a system kept after an erasure, with its reason and last day. Holds no personal data and outlives
/// the purge of its request (invariant 15): with the handle the system erases it when the reason ends.</summary>
internal sealed class KeptItem
{
    public required Guid Id { get; init; }
    public required Guid TaskId { get; init; }
    public required string Reference { get; init; }
    public required string Controller { get; init; }
    public required string System { get; init; }
    public required string Category { get; init; }
    public required string? Handle { get; init; }
    public required int Count { get; init; }
    public required string Reason { get; init; }
    public string? LegalBasis { get; init; }
    public DateOnly? Until { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The task that erases it after its last day.</summary>
    public Guid? Erasure { get; set; }

    /// <summary>When it was found to be gone.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<KeptItem>
    {
        public void Configure(EntityTypeBuilder<KeptItem> builder) =>
            builder.ToTable("kept_items").HasKey(item => item.Id);
    }
}
