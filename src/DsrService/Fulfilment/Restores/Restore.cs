using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Fulfilment.Restores;

/// <summary>A system was restored from a backup, as its owner stated.</summary>
internal sealed class Restore
{
    public required Guid Id { get; init; }
    public required string Controller { get; init; }
    public required string System { get; init; }
    public required DateTimeOffset RestoredTo { get; init; }
    public required DateTimeOffset StatedAt { get; init; }
    public required Guid StatedBy { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Restore>
    {
        public void Configure(EntityTypeBuilder<Restore> builder) =>
            builder.ToTable("restores").HasKey(restore => restore.Id);
    }
}
