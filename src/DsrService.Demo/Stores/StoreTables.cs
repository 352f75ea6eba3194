using DsrService.Demo.People;
using Npgsql;

namespace DsrService.Demo.Stores;

/// <summary>Lays a store's schema and, the first time, fills it with the synthetic people.</summary>
internal static class StoreTables
{
    /// <summary>What every row with personal data carries: whose it is, and the marks that the system's own use honours.</summary>
    public const string Common = """
        id bigint generated always as identity primary key,
        ref uuid,
        restricted boolean not null default false,
        stopped boolean not null default false,
        preserved boolean not null default false,
        archived boolean not null default false,
        statement text
        """;

    private static string Own(string schema) => $"""
        create schema if not exists {schema};
        create table if not exists {schema}.worked_task (
            task_id uuid primary key, action text not null, refs uuid[] not null, expected text not null, worked_at timestamptz not null);
        create table if not exists {schema}.seeded (at timestamptz primary key);
        """;

    public static async Task Lay(DemoStore store, Cast cast, CancellationToken cancel)
    {
        await using var connection = await store.Database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Several processes may start at once.
        await Sql.Run(connection, "select pg_advisory_xact_lock(hashtext(@schema))", cancel, ("schema", store.Schema));
        await Sql.Run(connection, Own(store.Schema), cancel);
        await Sql.Run(connection, store.Tables, cancel);
        if (await Sql.Count(connection, $"select count(*) from {store.Schema}.seeded", cancel) == 0)
        {
            foreach (var rows in store.Seed(cast))
                await Fill(connection, store.Schema, rows, cancel);
            await Sql.Run(connection, $"insert into {store.Schema}.seeded values (@now)", cancel, ("now", cast.Now));
        }

        await transaction.CommitAsync(cancel);
    }

    private static async Task Fill(NpgsqlConnection connection, string schema, SeedRows rows, CancellationToken cancel)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            $"copy {schema}.{rows.Table} ({rows.Columns}) from stdin (format binary)", cancel);
        foreach (var row in rows.Rows)
        {
            await import.StartRowAsync(cancel);
            foreach (var value in row)
            {
                if (value is null) await import.WriteNullAsync(cancel);
                else await import.WriteAsync(value, cancel);
            }
        }

        await import.CompleteAsync(cancel);
    }
}

/// <summary>Rows for one table, in the order of <paramref name="Columns"/>.</summary>
internal sealed record SeedRows(string Table, string Columns, IEnumerable<object?[]> Rows);
