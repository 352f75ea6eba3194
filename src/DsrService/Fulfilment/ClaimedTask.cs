using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment;

/// <summary>A task whose next attempt this process has taken on, with what is needed to send it.</summary>
internal sealed record ClaimedTask
{
    public required Guid Id { get; init; }
    public required Guid RequestId { get; init; }
    public required string Controller { get; init; }
    public required string System { get; init; }
    public required Binding Binding { get; init; }
    public required TaskAction Action { get; init; }
    public required bool Preview { get; init; }
    public required Guid? Verifies { get; init; }
    public required string Scope { get; init; }
    public required int Attempt { get; init; }

    /// <summary>How often a preview is asked for; after that it is said that none could be had.</summary>
    public const int PreviewAttempts = 2;

    /// <summary>When to try again after a failed attempt: 2 seconds, doubling, an hour at most.</summary>
    public static TimeSpan RetryAfter(int attempt, double chance) =>
        Backoff(attempt, TimeSpan.FromSeconds(2), TimeSpan.FromHours(1), chance);

    private static TimeSpan Backoff(int attempt, TimeSpan first, TimeSpan most, double chance)
    {
        var seconds = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20)), most.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (1 + chance / 10));
    }
}
