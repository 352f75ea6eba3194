using DsrService.Demo.Stores;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Demo.Systems;

/// <summary>Remembers receipts in the transaction of the work they tell of: either both stay or neither.</summary>
internal sealed class DemoReceipts(NpgsqlDataSource database) : IReceiptStore, IAsyncDisposable
{
    private TaskWork? work;

    /// <summary>Begins the work that the receipt will be kept with; without a receipt it is undone.</summary>
    public async Task<TaskWork> Begin(DemoStore store, SystemTask task, CancellationToken cancel) =>
        work = await TaskWork.Begin(store, task, cancel);

    public async Task<StoredReceipt?> FindAsync(Guid taskId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await Find(connection, taskId, cancel);
    }

    public async Task<StoredReceipt> SaveAsync(StoredReceipt receipt, CancellationToken cancel)
    {
        if (work is { } done)
        {
            // Waited for an earlier delivery of the same task, which did it and gave its receipt: what was done on top is undone.
            if (await Find(done.Connection, receipt.TaskId, cancel) is { } first)
                return first;
            await Insert(done.Connection, receipt, cancel);
            await done.Commit(cancel);
            return receipt;
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        await Insert(connection, receipt, cancel);
        return await Find(connection, receipt.TaskId, cancel) ?? receipt;
    }

    public async ValueTask DisposeAsync()
    {
        if (work is not null)
            await work.DisposeAsync();
    }

    private static async Task<StoredReceipt?> Find(NpgsqlConnection connection, Guid task, CancellationToken cancel) =>
        (await Sql.List(connection, "select action, receipt from demo.receipt where task_id = @task", row =>
            DsrJson.TryParseKebab<TaskAction>(row.GetString(0), out var action)
                ? new StoredReceipt(task, action, row.GetString(1))
                : throw new InvalidOperationException("Not an action."), cancel, ("task", task))).SingleOrDefault();

    private static Task<int> Insert(NpgsqlConnection connection, StoredReceipt receipt, CancellationToken cancel) => Sql.Run(connection,
        "insert into demo.receipt values (@task, @action, @receipt) on conflict do nothing", cancel,
        ("task", receipt.TaskId), ("action", DsrJson.Kebab(receipt.Action)), ("receipt", receipt.Receipt));
}
