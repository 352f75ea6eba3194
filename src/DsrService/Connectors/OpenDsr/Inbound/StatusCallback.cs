using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>One change of status that one address is still to be told of; the row owns its next attempt.</summary>
internal sealed class StatusCallback
{
    public required Guid Id { get; init; }
    public required Guid RequestId { get; init; }
    public required string Url { get; init; }
    public required PeerStatus Status { get; init; }
    public CallbackState State { get; set; } = CallbackState.Queued;
    public required DateTimeOffset CreatedAt { get; init; }
    public int Attempt { get; set; }
    public DateTimeOffset? NextAttemptAt { get; set; }
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>A code, such as <c>connector.timeout</c>.</summary>
    public string? LastError { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<StatusCallback>
    {
        public void Configure(EntityTypeBuilder<StatusCallback> builder) =>
            builder.ToTable("opendsr_callbacks").HasKey(callback => callback.Id);
    }
}

internal enum CallbackState
{
    Queued,
    Sent,
    /// <summary>Given up on; the request's timeline shows it.</summary>
    Failed,
}
