using DsrService.Connectors;
using DsrService.Data;
using Npgsql;

namespace DsrService.Fulfilment;

/// <summary>Sends due tasks: claims a batch, sends it outside any transaction, records what came of it. Woken after each
/// commit, and by polling where a notification was lost.</summary>
internal sealed class DispatchTasks(IServiceScopeFactory scopes, NpgsqlDataSource source, WorkSignal signal, TimeProvider time, ILogger<DispatchTasks> log) : BackgroundService
{
    /// <summary>Tasks that may be out without its being written down. More, and it would send far ahead of what is answered.</summary>
    private const int Unrecorded = 800;

    /// <summary>After so many tasks of a burst comes what has become due once more meanwhile.</summary>
    private const int FromTheFront = 3200;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    // Each by itself, so that a system that takes its time over HTTP holds up nobody on the bus.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var due = Enum.GetValues<Binding>().ToDictionary(binding => binding, _ => new SemaphoreSlim(0, 1));
        await Task.WhenAll(due.Select(one => Task.Run(() => LoopAsync(one.Key, one.Value, stoppingToken), stoppingToken)).Append(LookAsync(due, stoppingToken)));
    }

    // One question for all of them: most signals have nothing for most.
    private async Task LookAsync(Dictionary<Binding, SemaphoreSlim> due, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next();
            try
            {
                // One that will look anyway need not be told.
                var idle = due.Where(one => one.Value.CurrentCount == 0).Select(one => one.Key);
                foreach (var binding in await ClaimTasks.DueAsync(source, idle, time.GetUtcNow(), stoppingToken))
                    due[binding].Release();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                log.LogError(error, "Looking for tasks was interrupted");
            }
            await WaitAsync(next, stoppingToken);
        }
    }

    private async Task LoopAsync(Binding binding, SemaphoreSlim due, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await due.WaitAsync(stoppingToken);
                await SendAllAsync(binding, stoppingToken);
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
    }

    /// <summary>All that is due over a binding, until nothing is.</summary>
    public async Task SendAllAsync(Binding binding, CancellationToken cancel)
    {
        // A quick answer says as much as we would write down, and more: what was sent is written down when it has had its time.
        var unrecorded = new Queue<IReadOnlyList<Sending>>();
        DateTimeOffset? from = null;
        var sinceTheFront = 0;
        bool more;
        do
        {
            var (sent, upTo) = await SendBatchAsync(binding, from, cancel);
            var full = sent.Count == Batch(binding);
            more = full || from is not null;
            sinceTheFront = from is null ? sent.Count : sinceTheFront + sent.Count;
            from = full && sinceTheFront < FromTheFront ? upTo : null;
            unrecorded.Enqueue(sent);
            var quiet = more && sent.All(sending => sending.Result is SendResult.Sent);
            while (unrecorded.Sum(batch => batch.Count) > (quiet ? Unrecorded : 0))
                await RecordAsync(unrecorded.Dequeue(), cancel);
        }
        while (more);
    }

    /// <summary>One batch of each binding; the number of tasks taken.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var taken = 0;
        foreach (var binding in Enum.GetValues<Binding>())
        {
            var (sent, _) = await SendBatchAsync(binding, from: null, cancel);
            await RecordAsync(sent, cancel);
            taken += sent.Count;
        }
        return taken;
    }

    // What systems at the other end of a broker have before them they take together; over HTTP a batch may be of slow ones.
    private static int Batch(Binding binding) => binding == Binding.Bus ? 400 : 200;

    // A broker writes to its disk what has come together, and confirms it together: the more it has at once, the less each costs.
    // Not the whole batch, of which a stop holds the rest.
    private static int AtOnce(Binding binding) => binding == Binding.Bus ? 256 : 64;

    private async Task<(IReadOnlyList<Sending> Sent, DateTimeOffset? UpTo)> SendBatchAsync(Binding binding, DateTimeOffset? from, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (tasks, upTo) = await scope.ServiceProvider.GetRequiredService<ClaimTasks>().HandleAsync(binding, Batch(binding), from, cancel);
        if (tasks.Count == 0)
            return ([], null);
        var connector = scope.ServiceProvider.GetServices<IConnector>().SingleOrDefault(connector => connector.Binding == binding);
        using var stops = new StopsDuringBatch(scopes, time);
        var sent = new Sending[tasks.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, tasks.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce(binding), CancellationToken = cancel },
            async (at, token) => sent[at] = new(tasks[at], await stops.HoldAsync(tasks[at].Task.Controller, tasks[at].Task.System, token)
                ? new SendResult.Withheld()
                : await SendAsync(connector, tasks[at], token)));
        return (sent, upTo);
    }

    private async Task RecordAsync(IReadOnlyList<Sending> sent, CancellationToken cancel)
    {
        if (sent.Count == 0)
            return;
        await using (var scope = scopes.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<RecordSending>().HandleAsync(sent, cancel);
        foreach (var (task, result) in sent)
            if (result is SendResult.Answered answered)
            {
                await using var scope = scopes.CreateAsyncScope();
                var recorded = await scope.ServiceProvider.GetRequiredService<RecordReceipt>()
                    .HandleAsync(task.Task.Controller, task.Task.System, answered.Receipt, cancel);
                if (recorded.Failed)
                {
                    log.LogWarning("The receipt of {Controller}/{System} for task {Task} was refused: {Reason}", task.Task.Controller, task.Task.System, task.Task.TaskId, recorded.Failure.Reasons);
                    await scope.ServiceProvider.GetRequiredService<RecordFailure>()
                        .HandleAsync(task.Task.Controller, task.Task.System, recorded.Failure.AtTask(task.Task.TaskId), cancel);
                }
            }
    }

    private async Task<SendResult> SendAsync(IConnector? connector, OutgoingTask task, CancellationToken cancel)
    {
        if (connector is null)
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

/// <summary>What came of one attempt.</summary>
internal sealed record Sending(OutgoingTask Task, SendResult Result);
