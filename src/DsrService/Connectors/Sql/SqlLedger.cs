using System.Text.Json;
using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>What was done for a task, written in the transaction that did it and in the database where it was done: killed
/// between two batches the work goes on, and its counts are right. It holds no personal data.</summary>
internal sealed class SqlLedger(SqlMapping mapping)
{
    private const string ReceiptEntry = "receipt";

    public static readonly string[] Columns = ["task_id", "entry", "action", "records", "receipt", "at"];

    private readonly string table = SqlNames.Table(mapping, mapping.Ledger);

    public static string Definition(SqlMapping mapping) => Definition(SqlNames.Table(mapping, mapping.Ledger));

    public static string Definition(string table) =>
        $"CREATE TABLE IF NOT EXISTS {table} (task_id uuid NOT NULL, entry text NOT NULL, action text NOT NULL, records bigint NOT NULL DEFAULT 0, receipt text, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (task_id, entry));";

    /// <summary>Adds to what was done; a nought tells that the work began.</summary>
    public async Task AddAsync(NpgsqlConnection connection, SystemTask task, string entry, int records, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"""
            INSERT INTO {table} AS l (task_id, entry, action, records) VALUES (@task, @entry, @action, @records)
            ON CONFLICT (task_id, entry) DO UPDATE SET records = l.records + @records
            """, connection);
        command.Parameters.AddWithValue("task", task.TaskId);
        command.Parameters.AddWithValue("entry", entry);
        command.Parameters.AddWithValue("action", DsrJson.Kebab(task.Action));
        command.Parameters.AddWithValue("records", records);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<int> CountAsync(NpgsqlConnection connection, Guid task, string entry, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT records FROM {table} WHERE task_id = @task AND entry = @entry", connection);
        command.Parameters.AddWithValue("task", task);
        command.Parameters.AddWithValue("entry", entry);
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancel) ?? 0L, null);
    }

    public async Task<TaskAction?> ActionAsync(NpgsqlConnection connection, Guid task, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT action FROM {table} WHERE task_id = @task LIMIT 1", connection);
        command.Parameters.AddWithValue("task", task);
        return DsrJson.TryParseKebab<TaskAction>((string?)await command.ExecuteScalarAsync(cancel), out var action) ? action : null;
    }

    public async Task<Receipt?> ReceiptAsync(NpgsqlConnection connection, Guid task, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT receipt FROM {table} WHERE task_id = @task AND entry = '{ReceiptEntry}'", connection);
        command.Parameters.AddWithValue("task", task);
        return await command.ExecuteScalarAsync(cancel) is string text ? JsonSerializer.Deserialize<Receipt>(text, DsrJson.Options) : null;
    }

    /// <summary>The receipt that counts: this one, or that of a process that was quicker.</summary>
    public async Task<Receipt> KeepAsync(NpgsqlConnection connection, SystemTask task, Receipt receipt, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"INSERT INTO {table} (task_id, entry, action, receipt) VALUES (@task, '{ReceiptEntry}', @action, @receipt) ON CONFLICT DO NOTHING", connection);
        command.Parameters.AddWithValue("task", task.TaskId);
        command.Parameters.AddWithValue("action", DsrJson.Kebab(task.Action));
        command.Parameters.AddWithValue("receipt", JsonSerializer.Serialize(receipt, DsrJson.Options));
        await command.ExecuteNonQueryAsync(cancel);
        return await ReceiptAsync(connection, task.TaskId, cancel) ?? receipt;
    }
}
