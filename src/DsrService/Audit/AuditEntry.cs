using DsrService.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Audit;

/// <summary>What happened, chained to what happened before. Append-only: the database refuses changes.</summary>
internal sealed class AuditEntry : ILeafRow
{
    /// <summary>The request's id, or <c>installation</c>.</summary>
    public required string Chain { get; init; }

    /// <summary>1, 2, 3 … within the chain.</summary>
    public required int Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>service</c>, <c>person</c>, <c>staff:ID</c> or <c>system:CONTROLLER/SYSTEM</c>.</summary>
    public required string Actor { get; init; }

    /// <summary><c>area.past_tense</c>, such as <c>task.verified</c>.</summary>
    public required string Event { get; init; }

    /// <summary>JSON text, kept byte for byte; personal facts only as ciphertext, so that a purge breaks no chain.</summary>
    public required string Facts { get; init; }

    public required byte[] Previous { get; init; }
    public required byte[] Hash { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder) =>
            builder.ToTable("audit_entries").HasKey(entry => new { entry.Chain, entry.Sequence });
    }
}

/// <summary>What carries the head of a chain; its row is locked while an entry is added.</summary>
internal interface IAuditChain
{
    string Chain { get; }
    int AuditSequence { get; set; }
    byte[] AuditHead { get; set; }
}
