using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Restrictions;

/// <summary>Tells one system on the bus that a state has begun or ended. Written with the state, gone when it was
/// delivered; the identifiers are sealed for that system already, so that it needs no request any more.</summary>
internal sealed class StateAnnouncement
{
    public required Guid Id { get; init; }
    public required string Controller { get; init; }
    public required string System { get; init; }

    /// <summary><see cref="Sdk.Contracts.SubjectStateChanged"/> as it goes out.</summary>
    public required string Message { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset NextAttemptAt { get; set; }
    public int Attempt { get; set; }
    public string? LastError { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<StateAnnouncement>
    {
        public void Configure(EntityTypeBuilder<StateAnnouncement> builder)
        {
            builder.ToTable("state_announcements").HasKey(row => row.Id);
            builder.Property(row => row.Message).HasColumnType("jsonb");
        }
    }
}
