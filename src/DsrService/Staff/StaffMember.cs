using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Staff;

/// <summary>A person of the controllers' staff who signs in to the desk or calls the staff API.</summary>
internal sealed class StaffMember
{
    public required Guid Id { get; init; }
    public required string UserName { get; init; }
    public required string DisplayName { get; set; }

    /// <summary>Where reminders go; null where the member gets none.</summary>
    public string? Email { get; set; }

    public string PasswordHash { get; set; } = "";
    public bool Active { get; set; } = true;
    public int FailedSignIns { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>Changes with the password and on deactivation, so that old cookies end.</summary>
    public required Guid SecurityStamp { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<StaffMember>
    {
        public void Configure(EntityTypeBuilder<StaffMember> builder) =>
            builder.ToTable("staff").HasKey(member => member.Id);
    }
}

/// <summary>A role at one controller; for a system owner at one system of it.</summary>
internal sealed class StaffGrant
{
    public required Guid Id { get; init; }
    public required Guid StaffId { get; init; }
    public required string Controller { get; init; }
    public required StaffRole Role { get; init; }
    public string? System { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<StaffGrant>
    {
        public void Configure(EntityTypeBuilder<StaffGrant> builder) =>
            builder.ToTable("staff_grants").HasKey(grant => grant.Id);
    }
}

/// <summary>A bearer token of the staff API; only its hash is kept.</summary>
internal sealed class StaffToken
{
    public required Guid Id { get; init; }
    public required Guid StaffId { get; init; }
    public required byte[] TokenHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<StaffToken>
    {
        public void Configure(EntityTypeBuilder<StaffToken> builder) =>
            builder.ToTable("staff_tokens").HasKey(token => token.Id);
    }
}
