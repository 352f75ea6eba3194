using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors;

/// <summary>Carries one attempt of one task to a system, outside any transaction. Days of retries are rows, not loops.</summary>
internal interface IConnector
{
    Binding Binding { get; }

    /// <summary>Sends the task; it may arrive more than once. Never throws for what the network or the peer does.</summary>
    Task<SendResult> SendAsync(OutgoingTask task, CancellationToken cancel);
}

/// <summary>A task ready to go, its identifiers opened and the system's secrets unwrapped.</summary>
internal sealed record OutgoingTask
{
    public required SystemTask Task { get; init; }

    public required Guid RequestId { get; init; }
    public required Binding Binding { get; init; }

    /// <summary>Where it is pushed to (http).</summary>
    public string? Address { get; init; }

    /// <summary>As <see cref="Sdk.SubjectSeal"/> takes it; empty where the system has no credentials here.</summary>
    public required string SealingKey { get; init; }

    /// <summary>As <c>StandardWebhooks</c> takes it: <c>whsec_…</c></summary>
    public required string WebhookSecret { get; init; }

    /// <summary>The one before, while the system learns the new.</summary>
    public string? FormerWebhookSecret { get; init; }
}

/// <summary>What sending came to. Sent proves nothing: only a receipt does.</summary>
internal abstract record SendResult
{
    /// <summary>Handed to the transport or taken by the peer.</summary>
    internal sealed record Sent : SendResult;

    /// <summary>The peer has it in hand and will answer later.</summary>
    internal sealed record Accepted : SendResult;

    /// <summary>The peer answered at once.</summary>
    internal sealed record Answered(Receipt Receipt) : SendResult;

    /// <summary>This attempt failed; <paramref name="Code"/> is stable, such as <c>connector.timeout</c>.</summary>
    internal sealed record Failed(string Code, TimeSpan? RetryAfter = null) : SendResult;

    /// <summary>Nothing went out: the system failed too often and is left alone for a while. Not an attempt of the task.</summary>
    internal sealed record Postponed(string Code, TimeSpan After) : SendResult;

    /// <summary>Nothing went out: the system was stopped while the batch was on its way.</summary>
    internal sealed record Withheld : SendResult;

    /// <summary>What the peer has ready is being fetched, and what comes of that is recorded when it is known.</summary>
    internal sealed record Underway : SendResult;

    /// <summary>The peer does not offer it: its people are asked, by ours. <paramref name="Code"/> says what it lacks.</summary>
    internal sealed record ByHand(string Code) : SendResult;

    /// <summary>Nothing goes out: the system fetches it (pull) or a person works it (manual).</summary>
    internal sealed record Waits : SendResult;
}
