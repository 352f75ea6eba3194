using DsrService.Data;
using DsrService.Data.Sealing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Fulfilment;

/// <summary>A receipt as it came in, whether it counted or not: the evidence of what a system said.</summary>
internal sealed class TaskReceipt : ILeafRow
{
    public required Guid Id { get; init; }
    public required Guid TaskId { get; init; }
    public required Guid RequestId { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The receipt as JSON, sealed.</summary>
    public required byte[] Body { get; init; }

    /// <summary>SHA-256 over the receipt without its times: tells a repetition from a contradiction.</summary>
    public required byte[] ContentHash { get; init; }

    public required ReceiptVerdict Verdict { get; init; }

    public static SealedField BodyField(Guid receipt) => new("receipts.body", receipt);

    internal sealed class Mapping : IEntityTypeConfiguration<TaskReceipt>
    {
        public void Configure(EntityTypeBuilder<TaskReceipt> builder) =>
            builder.ToTable("receipts").HasKey(receipt => receipt.Id);
    }
}

internal enum ReceiptVerdict
{
    /// <summary>It ended its task.</summary>
    Counted,
    /// <summary>It came after the task was set aside or its request closed: recorded, reopens nothing.</summary>
    Late,
}
