using Npgsql;

namespace DsrService.Demo.Stores;

/// <summary>Commands with named parameters on an open connection.</summary>
internal static class Sql
{
    public static NpgsqlCommand Command(NpgsqlConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    public static async Task<int> Run(
        NpgsqlConnection connection, string text, CancellationToken cancel, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, text, parameters);
        return Math.Max(0, await command.ExecuteNonQueryAsync(cancel));
    }

    public static async Task<int> Count(
        NpgsqlConnection connection, string text, CancellationToken cancel, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, text, parameters);
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancel), null);
    }

    public static async Task<List<T>> List<T>(
        NpgsqlConnection connection, string text, Func<NpgsqlDataReader, T> read, CancellationToken cancel,
        params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, text, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<T> rows = [];
        while (await reader.ReadAsync(cancel))
            rows.Add(read(reader));
        return rows;
    }
}
