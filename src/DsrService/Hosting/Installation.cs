using DsrService.Audit;
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

    internal sealed class Mapping : IEntityTypeConfiguration<Installation>
    {
        public void Configure(EntityTypeBuilder<Installation> builder) =>
            builder.ToTable("installation").HasKey(installation => installation.Id);
    }
}
