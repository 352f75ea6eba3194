using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Identity;

/// <summary>A single-use link sent to the requester's address; only the hash of its token is kept.</summary>
internal sealed class IdentityLink
{
    public required Guid Id { get; init; }
    public required Guid RequestId { get; init; }
    public required byte[] TokenHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<IdentityLink>
    {
        public void Configure(EntityTypeBuilder<IdentityLink> builder) =>
            builder.ToTable("identity_links").HasKey(link => link.Id);
    }
}
