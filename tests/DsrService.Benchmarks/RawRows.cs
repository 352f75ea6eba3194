using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace DsrService.Benchmarks;

/// <summary>The rows of one intake as they lie in the database, inserted again with new keys: what the same durable write
/// costs without a service.</summary>
internal sealed class RawRows
{
    private static readonly string[] Tables = ["requests", "identifiers", "identity_links", "notices", "audit_entries"];
    private readonly List<(string Sql, object?[] Values, NpgsqlDbType[] Types)> rows = [];
    private readonly HashSet<Guid> own = [];
    private readonly Guid request;

    private RawRows(Guid request) => this.request = request;

    public int Count => rows.Count;

    public static async Task<RawRows> SampleAsync(NpgsqlDataSource source)
    {
        await using var newest = source.CreateCommand("SELECT id FROM dsr.requests ORDER BY id DESC LIMIT 1");
        var sample = new RawRows((Guid)(await newest.ExecuteScalarAsync())!);
        foreach (var table in Tables)
        {
            var own = table switch { "requests" => "id = $1", "audit_entries" => "chain = $1::text", _ => "request_id = $1" };
            await using var command = source.CreateCommand($"SELECT * FROM dsr.{table} WHERE {own}");
            command.Parameters.AddWithValue(sample.request);
            await using var reader = await command.ExecuteReaderAsync();
            var columns = (await reader.GetColumnSchemaAsync()).Cast<Npgsql.Schema.NpgsqlDbColumn>().Select(column => (Name: column.ColumnName, Type: column.NpgsqlDbType!.Value)).ToList();
            var sql = $"INSERT INTO dsr.{table} ({string.Join(", ", columns.Select(column => $"\"{column.Name}\""))}) VALUES ({string.Join(", ", columns.Select((_, at) => $"${at + 1}"))})";
            while (await reader.ReadAsync())
            {
                var values = new object?[columns.Count];
                for (var at = 0; at < values.Length; at++)
                    values[at] = await reader.IsDBNullAsync(at) ? null : reader.GetValue(at);
                if (table != "requests")
                    sample.own.UnionWith(values.OfType<Guid>());
                sample.rows.Add((sql, values, [.. columns.Select(column => column.Type)]));
            }
        }
        return sample;
    }

    /// <summary>Inserts the rows of some requests in one transaction.</summary>
    public async Task InsertAsync(NpgsqlDataSource source, int requests = 1)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        for (var count = 0; count < requests; count++)
        {
            var id = Guid.CreateVersion7();
            foreach (var (sql, values, types) in rows)
            {
                var command = new NpgsqlBatchCommand(sql);
                for (var at = 0; at < values.Length; at++)
                    command.Parameters.Add(new NpgsqlParameter { Value = Renewed(values[at], id) ?? DBNull.Value, NpgsqlDbType = types[at] });
                batch.BatchCommands.Add(command);
            }
        }
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    // Keys and whatever must be unique; the data map's version and the rest stay.
    private object? Renewed(object? value, Guid id) => value switch
    {
        Guid guid when guid == request => id,
        string text when text == request.ToString() => id.ToString(),
        string text when text.StartsWith("DSR-", StringComparison.Ordinal) => $"DSR-{id:N}",
        byte[] { Length: 32 } => RandomNumberGenerator.GetBytes(32),
        Guid guid when own.Contains(guid) => Guid.CreateVersion7(),
        _ => value,
    };
}
