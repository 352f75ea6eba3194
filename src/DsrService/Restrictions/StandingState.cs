using DsrService.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Restrictions;

/// <summary>What stays in force for one identifier of a person after the request that brought it about, and after its purge.
/// Holds the keyed hash of the identifier and never its value.</summary>
internal sealed class StandingState : ILeafRow
{
    public required Guid Id { get; init; }
    public required string Controller { get; init; }
    public required StandingKind State { get; init; }

    /// <summary>Kind of the identifier.</summary>
    public required string Kind { get; init; }

    /// <summary>As in <see cref="Data.Sealing.ControllerHash.Identifier"/>.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Where it took effect; null where it holds whatever a system has done so far.</summary>
    public string? System { get; init; }

    /// <summary>What was objected to: <c>direct-marketing</c>, or the key of an activity.</summary>
    public string? Purpose { get; init; }

    /// <summary>Of an erasure: the keys of the categories of which nothing stayed, with spaces between.</summary>
    public string? Categories { get; init; }

    public required Guid RequestId { get; init; }
    public required string Reference { get; init; }
    public required DateTimeOffset Since { get; init; }
    public DateTimeOffset? EndedAt { get; set; }

    public bool IsOf(byte[] hash, string kind) => Kind == kind && Hash.AsSpan().SequenceEqual(hash);

    internal sealed class Mapping : IEntityTypeConfiguration<StandingState>
    {
        public void Configure(EntityTypeBuilder<StandingState> builder) =>
            builder.ToTable("subject_states").HasKey(state => state.Id);
    }
}

internal enum StandingKind
{
    /// <summary>Art. 18: stored and not used.</summary>
    Restriction,
    /// <summary>Art. 21: no longer processed for the purpose.</summary>
    Objection,
    /// <summary>Marketing that must not begin again after an erasure.</summary>
    Suppression,
    /// <summary>Art. 17: what must not come back from a backup or an old list.</summary>
    Erasure,
}
