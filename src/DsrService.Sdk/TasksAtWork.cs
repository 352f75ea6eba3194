using System.Collections.Concurrent;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.Logging;

namespace DsrService.Sdk;

/// <summary>The tasks at work in this process, each at most once. Tells the service of those that take their time: first that
/// the system has them, then again and again that it is still at work. One look serves them all, since most have ended
/// before the first.</summary>
internal sealed class TasksAtWork(ILogger log)
{
    // A task that is done sooner needs no acceptance: its receipt says as much.
    private const long AcceptAfterMilliseconds = 500;
    private const long HeartbeatEveryMilliseconds = 30_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Guid, AtWork> tasks = [];
    private int looking;

    /// <summary>Null where the task is at work already.</summary>
    public AtWork? Begin(SystemTask task, ITaskAnswers answers)
    {
        AtWork work = new(task, answers, log);
        if (!tasks.TryAdd(task.TaskId, work))
            return null;
        Look();
        return work;
    }

    /// <summary>The same task may begin again.</summary>
    public void End(AtWork work) => tasks.TryRemove(work.TaskId, out _);

    private void Look()
    {
        if (Volatile.Read(ref looking) == 1 || Interlocked.Exchange(ref looking, 1) == 1)
            return;
        // It serves every task, and carries nothing of the one that came first.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(LookAsync);
    }

    private async Task LookAsync()
    {
        while (!tasks.IsEmpty)
        {
            await Task.Delay(LookEvery);
            foreach (var work in tasks.Values)
                work.TellIfDue();
        }
        Interlocked.Exchange(ref looking, 0);
        // One may have begun since it was looked whether there is any.
        if (!tasks.IsEmpty)
            Look();
    }

    /// <summary>One of them.</summary>
    internal sealed class AtWork(SystemTask task, ITaskAnswers answers, ILogger log)
    {
        private readonly Lock gate = new();
        private long nextAt = Environment.TickCount64 + AcceptAfterMilliseconds;
        private bool stopped;
        private bool accepted;
        private CancellationTokenSource? stop;
        private Task telling = Task.CompletedTask;

        public Guid TaskId => task.TaskId;

        public void TellIfDue()
        {
            lock (gate)
            {
                if (stopped || !telling.IsCompleted || Environment.TickCount64 < nextAt)
                    return;
                nextAt = Environment.TickCount64 + HeartbeatEveryMilliseconds;
                stop ??= new();
                telling = Task.Run(() => TellAsync(stop.Token));
            }
        }

        /// <summary>Nothing is told of it from now on, and nothing is on its way any more.</summary>
        public async ValueTask StopTellingAsync()
        {
            lock (gate)
                stopped = true;
            if (stop is null)
                return;
            await stop.CancelAsync();
            await telling;
            stop.Dispose();
        }

        private async Task TellAsync(CancellationToken stopping)
        {
            try
            {
                if (accepted)
                    await answers.HeartbeatAsync(task, stopping);
                else
                    await answers.AcceptAsync(task, stopping);
                accepted = true;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                // The work goes on: at worst the service asks again and finds it done.
                log.LogWarning("Task {TaskId} could not tell that it is at work: {Exception}", task.TaskId, exception.GetType().FullName);
            }
        }
    }
}
