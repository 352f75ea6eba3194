using DsrService.Audit;
using DsrService.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Hosting;

/// <summary>The one row of what belongs to the whole installation: the head of its audit chain and the demo's clock.</summary>
internal sealed class Installation : IAuditChain
{
    public const string ChainName = "installation";

    public required int Id { get; init; }
    public TimeSpan ClockOffset { get; set; }
    public int AuditSequence { get; set; }
    public byte[] AuditHead { get; set; } = [];

    string IAuditChain.Chain => ChainName;

    /// <summary>The row, locked until the end of the transaction and as it is now.</summary>
    public static async Task<Installation> LockAsync(DsrDbContext db, CancellationToken cancel)
    {
        var installation = await db.Set<Installation>().FromSql($"SELECT * FROM dsr.installation FOR UPDATE").SingleAsync(cancel);
        await db.Entry(installation).ReloadAsync(cancel);
        return installation;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Installation>
    {
        public void Configure(EntityTypeBuilder<Installation> builder) =>
            builder.ToTable("installation").HasKey(installation => installation.Id);
    }
}
