using System.Collections.Concurrent;
using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment;

/// <summary>Records receipts that arrive while another is being written together, in the next transaction: the systems of a
/// request answer within moments, and one by one they would wait for the same row.</summary>
internal sealed class GatherReceipts(IServiceScopeFactory scopes)
{
    /// <summary>As many a transaction takes; as many again may gather meanwhile.</summary>
    public const int AtOnce = 512;

    // Where several came at once others follow, and each transaction reads and locks requests anew.
    private static readonly TimeSpan MoreSoon = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentQueue<Waiting> queue = [];
    private int writing;

    /// <summary>As <see cref="RecordReceipt"/>; returns once it is committed. The bus gives all the one token that ends with it:
    /// a caller's own would take the others' receipts with it.</summary>
    public Task<Result<TaskOutput>> HandleAsync(string controller, string system, Receipt receipt, CancellationToken cancel)
    {
        var mine = new Waiting(new(controller, system, receipt));
        queue.Enqueue(mine);
        if (Interlocked.Exchange(ref writing, 1) == 0)
            // Of those it writes for none is more its own than another.
            using (ExecutionContext.SuppressFlow())
                _ = Task.Run(() => WriteAsync(cancel), CancellationToken.None);
        return mine.Recorded;
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        do
        {
            while (!queue.IsEmpty)
                if (await RecordAsync(cancel) > 1 && queue.Count < AtOnce)
                    await Task.Delay(MoreSoon, CancellationToken.None);
            Interlocked.Exchange(ref writing, 0);
        }
        // One may have come that still found somebody writing.
        while (!queue.IsEmpty && Interlocked.Exchange(ref writing, 1) == 0);
    }

    private async Task<int> RecordAsync(CancellationToken cancel)
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
        return taken.Count;
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
