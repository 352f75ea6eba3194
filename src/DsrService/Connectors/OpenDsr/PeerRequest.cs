using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Connectors.OpenDsr;

/// <summary>The id under which a peer knows a task: kept before anything is sent, so that every attempt is the same request.</summary>
internal sealed class PeerRequest
{
    /// <summary>The <c>subject_request_id</c>, a UUID of version 4.</summary>
    public required Guid Id { get; init; }

    public required Guid TaskId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the peer said that it has it.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    /// <summary>What the peer said last.</summary>
    public PeerStatus? Status { get; set; }

    /// <summary>When it was called off.</summary>
    public DateTimeOffset? CancelledAt { get; set; }

    public string SubjectRequestId => Id.ToString("D");

    /// <summary>Version 4, as the specification wants it; the ids of our own rows are of another.</summary>
    public static Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0f | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3f | 0x80);
        return new(bytes, bigEndian: true);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<PeerRequest>
    {
        public void Configure(EntityTypeBuilder<PeerRequest> builder)
        {
            builder.ToTable("opendsr_requests").HasKey(request => request.Id);
            builder.Ignore(request => request.SubjectRequestId);
        }
    }
}
