using System.Text.Json;
using DsrService.Data;
using Polly;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>Tells callers of each change of status, signed over the bytes that go out. Several at once and few for each caller, so that
/// one that does not answer keeps no other waiting.</summary>
internal sealed class SendCallbacks(IServiceScopeFactory scopes, OpenDsrHttp http, ProcessorSignature signature, WorkSignal signal, ILogger<SendCallbacks> log) : BackgroundService
{
    private const int AtOnce = 16;
    private const int ForEachCaller = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);
    private static readonly ResiliencePipeline OneAttempt = new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromSeconds(15)).Build();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (signature.EndsAt < TimeProvider.System.GetUtcNow().AddDays(30))
            log.LogWarning("The certificate that OpenDSR answers are signed with ends at {End}", signature.EndsAt);
        var sending = new List<(Task Task, string Caller)>();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                sending.RemoveAll(one => one.Task.IsCompleted);
                var next = signal.Next();
                var taken = await StartAsync(sending, stoppingToken);
                if (sending.Count >= AtOnce)
                    await Task.WhenAny(sending.Select(one => one.Task));
                else if (taken == 0)
                    await WorkSignal.WaitAsync(Task.WhenAny([next, .. sending.Select(one => one.Task)]), Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; what is under way is finished below.
        }
        await Task.WhenAll(sending.Select(one => one.Task));
    }

    /// <summary>Sends what is due now; for tests. How many went out.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var sending = new List<(Task Task, string Caller)>();
        var taken = await StartAsync(sending, cancel);
        await Task.WhenAll(sending.Select(one => one.Task));
        return taken;
    }

    private async Task<int> StartAsync(List<(Task Task, string Caller)> sending, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<NoteChanges>().HandleAsync(cancel);
            string[] busy = [.. sending.CountBy(one => one.Caller).Where(caller => caller.Value >= ForEachCaller).Select(caller => caller.Key)];
            // No more than one caller may have: all of a batch may be the same one's.
            var claimed = await scope.ServiceProvider.GetRequiredService<ClaimCallbacks>().HandleAsync(Math.Min(ForEachCaller, AtOnce - sending.Count), busy, cancel);
            sending.AddRange(claimed.Select(one => (SendAsync(one, cancel), one.Caller)));
            return claimed.Count;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogError("Callbacks could not be claimed: {Error}", error.GetType().Name);
            return 0;
        }
    }

    private async Task SendAsync(ClaimCallbacks.Claimed claimed, CancellationToken cancel)
    {
        try
        {
            var error = await AttemptAsync(claimed, cancel);
            if (error is not null)
                log.LogWarning("Callback {Callback} to {Caller}, attempt {Attempt}: {Error}", claimed.Callback.Id, claimed.Caller, claimed.Callback.Attempt, error);
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RecordCallback>().HandleAsync(claimed, error, CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Sent again after the lease.
        }
        catch (Exception error)
        {
            log.LogError("Callback {Callback} was interrupted and goes out again: {Error}", claimed.Callback.Id, error.GetType().Name);
        }
    }

    /// <summary>Null where the caller took it.</summary>
    private async Task<string?> AttemptAsync(ClaimCallbacks.Claimed claimed, CancellationToken cancel)
    {
        var version = ProtocolVersion.Of(claimed.Row.Version);
        await using var scope = scopes.CreateAsyncScope();
        var status = await scope.ServiceProvider.GetRequiredService<TellStatus>().CallbackAsync(claimed.Row, claimed.Expected, claimed.Callback.Status, cancel);
        var body = JsonSerializer.SerializeToUtf8Bytes(status with { StatusCallbackUrl = claimed.Callback.Url }, OpenDsrJson.Options);
        (string, string)[] headers = [(version.DomainHeader, signature.Domain), (version.SignatureHeader, signature.Sign(body))];
        return await Transport.TryAsync(async stop =>
        {
            var answer = await http.SendAsync(HttpMethod.Post, new Uri(claimed.Callback.Url), null, body, headers, stop);
            return (int)answer.Status is >= 200 and < 300 ? null : AskPeer.Code(answer.Status);
        }, OneAttempt, code => code, cancel);
    }
}
