using System.Collections.Concurrent;
using DsrService.Sdk.Contracts;

namespace DsrService.Sdk;

/// <summary>A receipt as a system remembers it, so that the same task gets the same answer without being done twice.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Action">What was done.</param>
/// <param name="Receipt">The receipt as JSON; identifiers in it are sealed, so nothing personal is kept.</param>
public sealed record StoredReceipt(Guid TaskId, TaskAction Action, string Receipt);

/// <summary>Remembers receipts. The default keeps them in memory and forgets them when the program ends; a system whose work
/// must not be done twice registers its own: <c>services.AddScoped&lt;IReceiptStore, MyReceipts&gt;()</c>.
/// <para>The store comes from the same scope as the handler. One that writes through the connection of the handler and
/// commits in <see cref="SaveAsync"/> commits effect and receipt together, and a crash between the two is impossible.</para></summary>
public interface IReceiptStore
{
    /// <summary>The receipt of a task, or null.</summary>
    Task<StoredReceipt?> FindAsync(Guid taskId, CancellationToken cancel);

    /// <summary>Keeps a receipt and returns the one that counts: the same, or the earlier one where another process was
    /// first. Called once the handler is done and its receipt proved free of contradictions, and not for previews.</summary>
    Task<StoredReceipt> SaveAsync(StoredReceipt receipt, CancellationToken cancel);
}

/// <summary>Keeps the latest 100,000 receipts in memory.</summary>
internal sealed class InMemoryReceiptStore : IReceiptStore
{
    private const int Capacity = 100_000;
    private readonly ConcurrentDictionary<Guid, StoredReceipt> receipts = [];
    private readonly ConcurrentQueue<Guid> order = [];

    public Task<StoredReceipt?> FindAsync(Guid taskId, CancellationToken cancel) =>
        Task.FromResult(receipts.GetValueOrDefault(taskId));

    public Task<StoredReceipt> SaveAsync(StoredReceipt receipt, CancellationToken cancel)
    {
        var counts = receipts.GetOrAdd(receipt.TaskId, receipt);
        if (ReferenceEquals(counts, receipt))
            order.Enqueue(receipt.TaskId);
        while (order.Count > Capacity && order.TryDequeue(out var oldest))
            receipts.TryRemove(oldest, out _);
        return Task.FromResult(counts);
    }
}
