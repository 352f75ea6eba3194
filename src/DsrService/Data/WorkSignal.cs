using Npgsql;

namespace DsrService.Data;

/// <summary>Tells the dispatchers of every process that there is work: NOTIFY after the commit, coalesced (a
/// notification inside the transaction would halve intake). Losing one costs a polling interval, nothing else.</summary>
internal sealed class WorkSignal(NpgsqlDataSource source, ILogger<WorkSignal> log) : BackgroundService
{
    public const string ChannelName = "dsr_work";
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    private readonly string self = Guid.CreateVersion7().ToString();
    private readonly SemaphoreSlim raised = new(0, 1);
    private readonly Lock gate = new();
    private TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes this process at once and the others soon.</summary>
    public void Raise()
    {
        Arrive();
        try
        {
            raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // One is already under way.
        }
    }

    /// <summary>Completes at the next signal; take it before looking for work.</summary>
    public Task Next()
    {
        lock (gate)
            return arrived.Task;
    }

    /// <summary>Waits for the signal taken before, or the polling interval.</summary>
    public static async Task WaitAsync(Task next, TimeSpan atMost, CancellationToken cancel)
    {
        try
        {
            await next.WaitAsync(atMost, cancel);
        }
        catch (TimeoutException)
        {
            // Poll.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await Task.WhenAll(NotifyAsync(stoppingToken), ListenAsync(stoppingToken));

    private async Task NotifyAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
            try
            {
                await raised.WaitAsync(cancel);
                await using var command = source.CreateCommand($"SELECT pg_notify('{ChannelName}', '{self}')");
                await command.ExecuteNonQueryAsync(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                log.LogWarning("Could not notify other processes: {Error}", error.GetType().Name);
            }
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                connection.Notification += (_, notification) => ArriveFromOthers(notification.Payload);
                await using (var listen = new NpgsqlCommand($"LISTEN {ChannelName}", connection))
                    await listen.ExecuteNonQueryAsync(cancel);
                Arrive();
                while (true)
                    await connection.WaitAsync(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                log.LogWarning("Listening for work was interrupted: {Error}", error.GetType().Name);
                await WaitQuietlyAsync(cancel);
            }
    }

    private static async Task WaitQuietlyAsync(CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Reconnect, cancel);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    // Whoever raises it has woken this process already.
    private void ArriveFromOthers(string raiser)
    {
        if (raiser != self)
            Arrive();
    }

    private void Arrive()
    {
        TaskCompletionSource done;
        lock (gate)
        {
            done = arrived;
            arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        done.TrySetResult();
    }
}
