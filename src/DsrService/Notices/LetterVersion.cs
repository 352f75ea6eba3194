using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Notices;

/// <summary>A company's own letters as they were loaded; the newest that was free of errors is in force.</summary>
internal sealed class LetterVersion
{
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of <see cref="Files"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>The files by their names, as JSON.</summary>
    public required string Files { get; init; }

    public required DateTimeOffset TakenAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<LetterVersion>
    {
        public void Configure(EntityTypeBuilder<LetterVersion> builder)
        {
            builder.ToTable("letter_versions").HasKey(version => version.Id);
            builder.Property(version => version.Files).HasColumnType("text");
        }
    }
}
