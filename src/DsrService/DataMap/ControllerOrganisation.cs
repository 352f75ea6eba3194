using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.DataMap;

/// <summary>A company served, with the data map in force for new requests.</summary>
internal sealed class ControllerOrganisation
{
    public required string Key { get; init; }
    public required Guid DataMapVersion { get; set; }

    /// <summary>Key of the identifier hashes, wrapped; it lives as long as the controller does.</summary>
    public required byte[] HashKey { get; set; }

    public required string HashKeyId { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ControllerOrganisation>
    {
        public void Configure(EntityTypeBuilder<ControllerOrganisation> builder) =>
            builder.ToTable("controllers").HasKey(controller => controller.Key);
    }
}

/// <summary>A data map as it was loaded; requests keep the version in force at their receipt (invariant 4).</summary>
internal sealed class DataMapVersion
{
    public required Guid Id { get; init; }
    public required string Controller { get; init; }
    public required string Hash { get; init; }
    public required string Yaml { get; init; }
    public required DateTimeOffset LoadedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<DataMapVersion>
    {
        public void Configure(EntityTypeBuilder<DataMapVersion> builder) =>
            builder.ToTable("data_map_versions").HasKey(version => version.Id);
    }
}
