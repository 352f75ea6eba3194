using DsrService.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Audit;

/// <summary>A member of staff, or a vendor by a link, saw personal data (invariant 11). Append-only.</summary>
internal sealed class AccessLogEntry
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public Guid? StaffId { get; init; }

    /// <summary>The link by which a vendor saw it.</summary>
    public Guid? VendorLink { get; init; }
    public required string Controller { get; init; }
    public Guid? RequestId { get; init; }

    /// <summary>What was seen: <c>request</c>, <c>package</c>, <c>search</c> …</summary>
    public required string What { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<AccessLogEntry>
    {
        public void Configure(EntityTypeBuilder<AccessLogEntry> builder) =>
            builder.ToTable("access_log").HasKey(entry => entry.Id);
    }
}

internal sealed class AccessLog(DsrDbContext db, TimeProvider time)
{
    /// <summary>Written before the data leaves; if this fails nothing is shown.</summary>
    public async Task RecordAsync(Guid staff, string controller, Guid? request, string what, CancellationToken cancel)
    {
        db.Add(new AccessLogEntry { Id = Guid.CreateVersion7(), At = time.GetUtcNow(), StaffId = staff, Controller = controller, RequestId = request, What = what });
        await db.SaveChangesAsync(cancel);
    }

    public async Task RecordVendorAsync(Guid link, string controller, Guid request, string what, CancellationToken cancel)
    {
        db.Add(new AccessLogEntry { Id = Guid.CreateVersion7(), At = time.GetUtcNow(), VendorLink = link, Controller = controller, RequestId = request, What = what });
        await db.SaveChangesAsync(cancel);
    }
}
