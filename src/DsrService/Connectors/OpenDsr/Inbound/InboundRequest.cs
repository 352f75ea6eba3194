using DsrService.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>Under which id a caller knows a request of ours. The key makes it come in once.</summary>
internal sealed class InboundRequest
{
    public const string PrimaryKey = "opendsr_inbound_pkey";

    public required string Controller { get; init; }
    public required string Caller { get; init; }
    public required Guid SubjectRequestId { get; init; }
    public required Guid RequestId { get; init; }

    /// <summary>Keyed; the body itself is kept nowhere.</summary>
    public required byte[] BodyHash { get; init; }

    /// <summary>Major version it was sent under, and so of the callbacks.</summary>
    public required int Version { get; init; }

    /// <summary>Whether the caller vouched for who asks when it came in.</summary>
    public required bool Vouched { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What was said of the end when it came in.</summary>
    public required DateTimeOffset ExpectedAt { get; init; }

    /// <summary>Addresses to tell of changes, with spaces between.</summary>
    public required string Callbacks { get; init; }

    /// <summary>The status of which the caller was told, or will be by callbacks that are kept.</summary>
    public required PeerStatus Told { get; set; }

    public string Id => SubjectRequestId.ToString("D");

    internal sealed class Mapping : IEntityTypeConfiguration<InboundRequest>
    {
        public void Configure(EntityTypeBuilder<InboundRequest> builder)
        {
            builder.ToTable("opendsr_inbound").HasKey(row => new { row.Controller, row.Caller, row.SubjectRequestId });
            builder.Ignore(row => row.Id);
        }
    }
}

/// <summary>Our status in the four words there are. Whatever is not at its true end is never "completed".</summary>
internal static class OutwardStatus
{
    public static readonly RequestStatus[] Pending = [RequestStatus.Received, RequestStatus.AwaitingIdentity, RequestStatus.Planned];
    public static readonly RequestStatus[] InProgress = [RequestStatus.InProgress, RequestStatus.AwaitingDecision];
    public static readonly RequestStatus[] Completed = [RequestStatus.Fulfilled, RequestStatus.PartlyFulfilled];
    public static readonly RequestStatus[] Cancelled = [RequestStatus.Refused, RequestStatus.Withdrawn, RequestStatus.Expired];

    public static PeerStatus Of(RequestStatus status) =>
        Pending.Contains(status) ? PeerStatus.Pending
        : InProgress.Contains(status) ? PeerStatus.InProgress
        : Completed.Contains(status) ? PeerStatus.Completed
        : PeerStatus.Cancelled;

    public static string Word(PeerStatus status) => status switch
    {
        PeerStatus.Pending => "pending",
        PeerStatus.InProgress => "in_progress",
        PeerStatus.Completed => "completed",
        _ => "cancelled",
    };

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
