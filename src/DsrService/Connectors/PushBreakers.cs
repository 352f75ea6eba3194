using System.Collections.Concurrent;
using System.Globalization;
using Polly;
using Polly.CircuitBreaker;

namespace DsrService.Connectors;

/// <summary>A circuit breaker for each system that tasks are pushed to: one that fails again and again is left alone for a while, so
/// that its time limits cost the others nothing. A single attempt then tells whether it is back.</summary>
/// <param name="time">The service's clock.</param>
/// <param name="tell">Told when a circuit opens, and until when, or closes.</param>
internal sealed class PushBreakers(TimeProvider time, Func<string, string, DateTimeOffset?, CancellationToken, Task> tell)
{
    /// <summary>Of so many attempts within a minute half must fail.</summary>
    public const int Attempts = 5;

    /// <summary>Twice as long each time that the attempt in between fails too.</summary>
    public static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(string Controller, string System), ResiliencePipeline<SendResult>> breakers = new();

    public async Task<SendResult> RunAsync(string controller, string system, Func<CancellationToken, ValueTask<SendResult>> attempt, CancellationToken cancel)
    {
        try
        {
            return await breakers.GetOrAdd((controller, system), Make).ExecuteAsync(attempt, cancel);
        }
        catch (BrokenCircuitException open)
        {
            return new SendResult.Postponed("connector.circuit_open", open.RetryAfter is { } after && after > TimeSpan.Zero ? after : FirstBreak);
        }
    }

    private ResiliencePipeline<SendResult> Make((string Controller, string System) key) => new ResiliencePipelineBuilder<SendResult> { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<SendResult>
        {
            FailureRatio = 0.5,
            MinimumThroughput = Attempts,
            SamplingDuration = TimeSpan.FromMinutes(1),
            BreakDurationGenerator = failed => ValueTask.FromResult(TimeSpan.FromSeconds(
                Math.Min(FirstBreak.TotalSeconds * Math.Pow(2, Math.Min(failed.HalfOpenAttempts, 20)), LongestBreak.TotalSeconds))),
            ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Result is SendResult.Failed failed && IsOfTheSystem(failed.Code)),
            OnOpened = async opened => await tell(key.Controller, key.System, time.GetUtcNow() + opened.BreakDuration, opened.Context.CancellationToken),
            OnClosed = async closed => await tell(key.Controller, key.System, null, closed.Context.CancellationToken),
        })
        .Build();

    // What it says of one task (4xx) says nothing of the next.
    private static bool IsOfTheSystem(string code) =>
        code is "connector.timeout" or "connector.unreachable"
        || code.StartsWith("connector.http_", StringComparison.Ordinal)
            && int.TryParse(code["connector.http_".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is 429 or >= 500;
}
