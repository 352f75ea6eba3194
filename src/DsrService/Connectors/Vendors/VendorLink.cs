using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Connectors.Vendors;

/// <summary>What a vendor's mail leads to: all that waits at one system, for as long as the link lives and the data map names
/// the same contact. Only the hash of its token is kept.</summary>
internal sealed class VendorLink
{
    public required Guid Id { get; init; }
    public required string Controller { get; init; }
    public required string System { get; init; }

    /// <summary>To whom it was sent.</summary>
    public required string Contact { get; init; }

    public required byte[] TokenHash { get; init; }

    /// <summary>The mail that carries it.</summary>
    public required Guid NoticeId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was opened last.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<VendorLink>
    {
        public void Configure(EntityTypeBuilder<VendorLink> builder) =>
            builder.ToTable("vendor_links").HasKey(link => link.Id);
    }
}
