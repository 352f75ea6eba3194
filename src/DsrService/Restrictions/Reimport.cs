using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Restrictions;

/// <summary>An alarm: a system has, or was about to take, data of somebody who was erased.</summary>
internal sealed class Reimport
{
    public required Guid Id { get; init; }
    public required string Controller { get; init; }

    /// <summary>Where it was noticed.</summary>
    public required string System { get; init; }

    /// <summary>The request that had erased the person.</summary>
    public required string Reference { get; init; }

    public required ReimportSign Sign { get; init; }
    public required DateTimeOffset FirstAt { get; init; }
    public required DateTimeOffset LastAt { get; set; }
    public required int Times { get; set; }

    /// <summary>When somebody has seen to it.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public Guid? EndedBy { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Reimport>
    {
        public void Configure(EntityTypeBuilder<Reimport> builder) =>
            builder.ToTable("reimports").HasKey(row => row.Id);
    }
}

internal enum ReimportSign
{
    /// <summary>The system asked whether it may use the person's data.</summary>
    Asked,
    /// <summary>A later request found the person in a system that had proved the erasure.</summary>
    Found,
}
