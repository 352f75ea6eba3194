using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Identity;

/// <summary>What a person who confirmed the address holds to follow the request; only its hash is kept. Each confirmed
/// link gives another, so that a second device does not shut out the first.</summary>
internal sealed class AccessToken
{
    public required byte[] TokenHash { get; init; }
    public required Guid RequestId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<AccessToken>
    {
        public void Configure(EntityTypeBuilder<AccessToken> builder) =>
            builder.ToTable("access_tokens").HasKey(token => token.TokenHash);
    }
}
