using System.Collections.Concurrent;
using System.IO.Pipelines;
using DsrService.Fulfilment;
using DsrService.Response;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Sql;

/// <summary>Runs tasks at databases, a few at once at each, and records what came of them as for any other system. A process that
/// ends leaves them where they are: they are asked again, and go on.</summary>
internal sealed class RunSqlTasks(
    IServiceScopeFactory scopes, SqlSystems systems, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RunSqlTasks> log) : IAsyncDisposable
{
    private const int AtOnce = 3;
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, Task> running = [];
    private readonly ConcurrentDictionary<(string, string), SemaphoreSlim> seats = [];

    /// <summary>Begins a task, unless it is at work already.</summary>
    public void Start(SqlSystem system, SystemTask task)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (running.TryAdd(task.TaskId, RunAsync(begin.Task, system, task, lifetime.ApplicationStopping)))
            begin.SetResult();
        else
            begin.SetCanceled();
    }

    /// <summary>Until nothing is at work.</summary>
    public async Task IdleAsync()
    {
        while (!running.IsEmpty)
            await Task.WhenAll(running.Values);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(running.Values);
        foreach (var seat in seats.Values)
            seat.Dispose();
    }

    private async Task RunAsync(Task begin, SqlSystem system, SystemTask task, CancellationToken cancel)
    {
        try
        {
            // Where the same task is at work already, this one never begins.
            await begin;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        var seat = seats.GetOrAdd((task.Controller, task.System), _ => new(AtOnce));
        try
        {
            await seat.WaitAsync(cancel);
            try
            {
                await AnswerAsync(system, task, cancel);
            }
            finally
            {
                seat.Release();
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Asked again by whoever runs next.
        }
        catch (Exception error)
        {
            log.LogError("Task {Task} at {Controller}/{System} could not be answered: {Error}", task.TaskId, task.Controller, task.System, error.GetType().Name);
        }
        finally
        {
            running.TryRemove(task.TaskId, out _);
        }
    }

    private async Task AnswerAsync(SqlSystem system, SystemTask task, CancellationToken cancel)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var informing = KeepInformedAsync(task, done.Token);
        Receipt? receipt = null;
        TaskFailure? failure = null;
        try
        {
            receipt = await WorkSqlTask.HandleAsync(system, task, (part, category, write, stop) => UploadAsync(task, part, category, write, stop), time, cancel);
        }
        catch (TaskFailedException error)
        {
            failure = new(task.TaskId, error.Code, error.Remark, null);
            log.LogWarning("Task {Task} at {Controller}/{System} failed, {Code}: {Remark}", task.TaskId, task.Controller, task.System, error.Code, error.Remark);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            failure = new(task.TaskId, SqlErrors.Code(error), null, null);
            log.LogWarning("Task {Task} at {Controller}/{System} failed, {Code}: {Error}", task.TaskId, task.Controller, task.System, failure.Code, error.GetType().Name);
        }
        finally
        {
            await done.CancelAsync();
            await informing;
        }
        await RecordAsync(task, receipt, failure, cancel);
    }

    private async Task RecordAsync(SystemTask task, Receipt? receipt, TaskFailure? failure, CancellationToken cancel)
    {
        if (receipt is not null)
        {
            await using var scope = scopes.CreateAsyncScope();
            var recorded = await scope.ServiceProvider.GetRequiredService<RecordReceipt>().HandleAsync(task.Controller, task.System, receipt, cancel);
            if (!recorded.Failed)
                return;
            failure = recorded.Failure.AtTask(task.TaskId);
        }
        systems.Forget(task.Controller, task.System);
        await using var another = scopes.CreateAsyncScope();
        await another.ServiceProvider.GetRequiredService<RecordFailure>().HandleAsync(task.Controller, task.System, failure!, cancel);
    }

    private async Task KeepInformedAsync(SystemTask task, CancellationToken done)
    {
        using PeriodicTimer timer = new(HeartbeatEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<RecordAcceptance>().HandleAsync(task.Controller, task.System, new TaskHeartbeat(task.TaskId), done);
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // Done.
        }
        catch (Exception error)
        {
            // The work goes on: at worst it is asked for again and found at work.
            log.LogWarning("Task {Task} could not tell that it is at work: {Error}", task.TaskId, error.GetType().Name);
        }
    }

    /// <summary>The way of every upload, without the network: what is written here is read there, a piece at a time.</summary>
    private async Task<int> UploadAsync(SystemTask task, string part, string category, Func<Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        var pipe = new Pipe();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var writing = WriteAsync(pipe.Writer, write, stop.Token);
        await using var scope = scopes.CreateAsyncScope();
        await using var body = pipe.Reader.AsStream();
        try
        {
            var received = await scope.ServiceProvider.GetRequiredService<ReceiveUpload>()
                .HandleAsync(task.Controller, task.System, task.TaskId, part, category, RecordCounter.Ndjson, body, cancel);
            return received.Failed ? throw new TaskFailedException(received.Failure.Code) : received.Value.Records;
        }
        finally
        {
            await stop.CancelAsync();
            await body.DisposeAsync();
            await writing;
        }
    }

    // An error goes to the reader, who ends with it; it is told of once.
    private static async Task WriteAsync(PipeWriter writer, Func<Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        try
        {
            await using (var stream = writer.AsStream(leaveOpen: true))
                await write(stream, cancel);
            await writer.CompleteAsync();
        }
        catch (Exception error)
        {
            await writer.CompleteAsync(error);
        }
    }
}
