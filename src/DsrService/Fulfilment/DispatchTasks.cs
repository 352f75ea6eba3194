using DsrService.Connectors;
using DsrService.Data;

namespace DsrService.Fulfilment;

/// <summary>Sends due tasks: claims a batch, sends it outside any transaction, records what came of it. Woken after each
/// commit, and by polling where a notification was lost.</summary>
internal sealed class DispatchTasks(IServiceScopeFactory scopes, WorkSignal signal, ILogger<DispatchTasks> log) : BackgroundService
{
    private const int Batch = 200;
    private const int AtOnce = 64;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    // Apart, so that a system that takes its time over HTTP holds up nobody on the bus.
    private static readonly Binding[][] Loops = [[Binding.Bus], [Binding.Http, Binding.Opendsr], [Binding.Pull, Binding.Manual, Binding.Sql]];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Loops.Select(bindings => Task.Run(() => LoopAsync(bindings, stoppingToken), stoppingToken)));

    private async Task LoopAsync(Binding[] bindings, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next();
            try
            {
                if (await RunOnceAsync(bindings, stoppingToken) == Batch)
                    continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The rows keep their next attempt; nothing is lost by trying again.
                log.LogError(error, "Dispatching tasks was interrupted");
            }
            await WaitAsync(next, stoppingToken);
        }
    }

    /// <summary>One batch over all bindings; the number of tasks taken.</summary>
    public Task<int> RunOnceAsync(CancellationToken cancel) => RunOnceAsync(Enum.GetValues<Binding>(), cancel);

    private async Task<int> RunOnceAsync(Binding[] bindings, CancellationToken cancel)
    {
        IReadOnlyList<OutgoingTask> tasks;
        await using (var scope = scopes.CreateAsyncScope())
            tasks = await scope.ServiceProvider.GetRequiredService<ClaimTasks>().HandleAsync(bindings, Batch, cancel);
        if (tasks.Count == 0)
            return 0;
        var results = new SendResult[tasks.Count];
        await using (var scope = scopes.CreateAsyncScope())
        {
            var connectors = scope.ServiceProvider.GetServices<IConnector>().ToDictionary(connector => connector.Binding);
            await Parallel.ForEachAsync(Enumerable.Range(0, tasks.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
                async (at, token) => results[at] = await SendAsync(connectors, tasks[at], token));
            await scope.ServiceProvider.GetRequiredService<RecordSending>().HandleAsync([.. tasks.Zip(results)], cancel);
        }
        foreach (var (task, result) in tasks.Zip(results))
            if (result is SendResult.Answered answered)
            {
                await using var scope = scopes.CreateAsyncScope();
                var recorded = await scope.ServiceProvider.GetRequiredService<RecordReceipt>()
                    .HandleAsync(task.Task.Controller, task.Task.System, answered.Receipt, cancel);
                if (recorded.Failed)
                    await scope.ServiceProvider.GetRequiredService<RecordFailure>()
                        .HandleAsync(task.Task.Controller, task.Task.System, new(task.Task.TaskId, recorded.Failure.Code, null, null), cancel);
            }
        return tasks.Count;
    }

    private async Task<SendResult> SendAsync(Dictionary<Binding, IConnector> connectors, OutgoingTask task, CancellationToken cancel)
    {
        if (!connectors.TryGetValue(task.Binding, out var connector))
            return new SendResult.Failed("connector.not_configured");
        try
        {
            return await connector.SendAsync(task, cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // The message of the error may quote what was sent: its kind is enough.
            log.LogError("Sending task {Task} to {Controller}/{System} failed: {Error}", task.Task.TaskId, task.Task.Controller, task.Task.System, error.GetType().Name);
            return new SendResult.Failed("connector.error");
        }
    }

    private static async Task WaitAsync(Task next, CancellationToken cancel)
    {
        try
        {
            await WorkSignal.WaitAsync(next, Poll, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopping.
        }
    }
}
