using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Restrictions;

/// <summary>That a system asked about somebody; gone as soon as it was looked at.</summary>
internal sealed class SubjectQuestion
{
    public required Guid Id { get; init; }
    public required string Controller { get; init; }
    public required string System { get; init; }
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>The <see cref="StandingState"/> that says that the person was erased.</summary>
    public Guid? Erasure { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<SubjectQuestion>
    {
        public void Configure(EntityTypeBuilder<SubjectQuestion> builder) =>
            builder.ToTable("subject_checks").HasKey(row => row.Id);
    }
}
