using System.Collections.Concurrent;
using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment;

/// <summary>Records receipts that arrive while another is being written together, in the next transaction: the systems of a
/// request answer within moments, and one by one they would wait for the same row.</summary>
internal sealed class GatherReceipts(IServiceScopeFactory scopes) : IDisposable
{
    /// <summary>As many wait at once at most; so one transaction takes them all.</summary>
    public const int AtOnce = 128;

    private readonly ConcurrentQueue<Waiting> queue = [];
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>As <see cref="RecordReceipt"/>; returns once it is committed.</summary>
    public async Task<Result<TaskOutput>> HandleAsync(string controller, string system, Receipt receipt, CancellationToken cancel)
    {
        var mine = new Waiting(new(controller, system, receipt));
        queue.Enqueue(mine);
        await turn.WaitAsync(cancel);
        try
        {
            while (!mine.Recorded.IsCompleted)
                await RecordAsync(cancel);
        }
        finally
        {
            turn.Release();
        }
        return await mine.Recorded;
    }

    public void Dispose() => turn.Dispose();

    private async Task RecordAsync(CancellationToken cancel)
    {
        var taken = new List<Waiting>();
        while (taken.Count < AtOnce && queue.TryDequeue(out var next))
            taken.Add(next);
        try
        {
            await RecordAsync(taken, cancel);
        }
        catch (Exception error) when (taken.Count > 1 && error is not OperationCanceledException)
        {
            // Whichever it was that broke it, the others must not suffer.
            foreach (var one in taken)
                await RecordOneAsync(one, cancel);
        }
        catch (Exception error)
        {
            foreach (var one in taken)
                one.Fail(error);
        }
    }

    private async Task RecordOneAsync(Waiting one, CancellationToken cancel)
    {
        try
        {
            await RecordAsync([one], cancel);
        }
        catch (Exception error)
        {
            one.Fail(error);
        }
    }

    private async Task RecordAsync(List<Waiting> taken, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var results = await scope.ServiceProvider.GetRequiredService<RecordReceipt>().HandleAsync(taken.ConvertAll(one => one.Receipt), cancel);
        for (var at = 0; at < taken.Count; at++)
            taken[at].End(results[at]);
    }

    private sealed class Waiting(RecordReceipt.Input receipt)
    {
        private readonly TaskCompletionSource<Result<TaskOutput>> end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RecordReceipt.Input Receipt => receipt;
        public Task<Result<TaskOutput>> Recorded => end.Task;
        public void End(Result<TaskOutput> result) => end.TrySetResult(result);
        public void Fail(Exception error) => end.TrySetException(error);
    }
}
