using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Restrictions;

/// <summary>That one identifier of a person took the place of another (Art. 16): what is in force for the former holds for it as well.
/// Holds keyed hashes and no value; of several changes one after the other each has its row for every former.</summary>
internal sealed class IdentifierSuccession
{
    public required Guid Id { get; init; }
    public required string Controller { get; init; }

    /// <summary>Kind of both.</summary>
    public required string Kind { get; init; }

    /// <summary>As in <see cref="Data.Sealing.ControllerHash.Identifier"/>.</summary>
    public required byte[] Hash { get; init; }

    public required byte[] FormerHash { get; init; }

    /// <summary>The rectification, among whose identifiers the value is as long as its key lives.</summary>
    public required Guid RequestId { get; init; }

    public required DateTimeOffset Since { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<IdentifierSuccession>
    {
        public void Configure(EntityTypeBuilder<IdentifierSuccession> builder) =>
            builder.ToTable("identifier_successions").HasKey(row => row.Id);
    }
}
