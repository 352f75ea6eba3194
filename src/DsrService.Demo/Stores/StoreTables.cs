using DsrService.Demo.People;
using DsrService.Fulfilment;
using Npgsql;

namespace DsrService.Demo.Stores;

/// <summary>Lays a store's schema and, the first time, fills it with the synthetic people.</summary>
internal static class StoreTables
{
    /// <summary>What every row with personal data carries: whose it is, and the marks that the system's own use honours.</summary>
    private const string Common = """
        id bigint generated always as identity primary key,
        ref uuid,
        restricted boolean not null default false,
        stopped boolean not null default false,
        preserved boolean not null default false,
        archived boolean not null default false,
        statement text
        """;

    public static async Task Lay(DemoStore store, Cast cast, CancellationToken cancel)
    {
        await using var connection = await store.Database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Several processes may start at once.
        await Sql.Run(connection, "select pg_advisory_xact_lock(hashtext(@schema))", cancel, ("schema", store.Schema));
        await Sql.Run(connection, Tables(store), cancel);
        if (await Sql.Count(connection, $"select count(*) from {store.Schema}.seeded", cancel) == 0)
        {
            foreach (var rows in store.Seed(cast))
                await Fill(connection, store.Schema, rows, cancel);
            // Quicker than row by row.
            await Sql.Run(connection, Indexes(store), cancel);
            await Sql.Run(connection, $"insert into {store.Schema}.seeded values (@now)", cancel, ("now", cast.Now));
        }

        await transaction.CommitAsync(cancel);
    }

    /// <summary>Gives the person with many rows theirs, once; it takes a while, and nobody waits for it.</summary>
    public static async Task FillUp(DemoStore store, Cast cast, CancellationToken cancel)
    {
        await using var connection = await store.Database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Sql.Run(connection, "select pg_advisory_xact_lock(hashtext(@schema))", cancel, ("schema", store.Schema));
        if (await Sql.Count(connection, $"select count(*) from {store.Schema}.filled_up", cancel) > 0)
            return;
        foreach (var person in cast.In(store.Key).Where(person => person.HasMany))
            foreach (var category in store.Categories.Where(category => category.ManyRows is not null))
                await FillUp(connection, store, category, person, cast, cancel);
        await Sql.Run(connection, $"insert into {store.Schema}.filled_up values (@now)", cancel, ("now", cast.Now));
        await transaction.CommitAsync(cancel);
    }

    private static string Tables(DemoStore store) => $"""
        create schema if not exists {store.Schema};
        create table if not exists {store.Schema}.worked_task (
            task_id uuid primary key, action text not null, refs uuid[] not null, expected text not null, worked_at timestamptz not null);
        create table if not exists {store.Schema}.seeded (at timestamptz primary key);
        create table if not exists {store.Schema}.filled_up (at timestamptz primary key);
        {Suppression.Tables(store.Schema)}
        {(store.Binding is Binding.Sql ? MappedStores.Tables(store) : "")}
        {store.MoreTables}
        {string.Join('\n', store.Categories.Select(category => $"create table if not exists {store.Schema}.{category.Table} ({Common}, {category.Columns});"))}
        {string.Join('\n', store.Categories.Where(category => category.Use is not null).Select(category => View(store, category, category.Use!)))}
        {(store.Binding is Binding.Sql ? MappedStores.Behaves(store) : "")}
        """;

    private static string View(DemoStore store, StoreCategory category, BusinessUse use) => $"""
        create or replace view {store.Schema}.{use.View} as select {use.Columns} from {store.Schema}.{category.Table} s
        where not restricted and not archived{(use.StopsOnObjection ? " and not stopped" : "")}{(category.Suppressed is null ? "" : $" and {Suppression.Spares(store, category)}")};
        """;

    private static string Indexes(DemoStore store) => string.Concat(store.Categories.SelectMany(category =>
        category.FoundBy.Select(known => known.Indexed).Concat(category.Indexed).Prepend("ref").Distinct()
            .Select(column => $"create index on {store.Schema}.{category.Table} ({column});")));

    public static async Task Fill(NpgsqlConnection connection, string schema, SeedRows rows, CancellationToken cancel)
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

    /// <summary>A hundred thousand rows are made where they lie.</summary>
    private static Task<int> FillUp(
        NpgsqlConnection connection, DemoStore store, StoreCategory category, SyntheticPerson person, Cast cast, CancellationToken cancel) =>
        Sql.Run(connection, $"""
            insert into {store.Schema}.{category.Table} (ref, {string.Join(", ", category.ColumnNames)})
            select @ref, {category.ManyRows} from generate_series(1, @many) n
            """, cancel,
            [
                ("ref", Cast.Ref(store.Key, person.Number)), ("many", cast.ManyRows), ("now", cast.Now), ("email", person.Email),
                .. person.Ids.Select(id => (KnownBy.Parameter(id.Kind), (object)id.Value)),
            ]);
}

/// <summary>Rows for one table, in the order of <paramref name="Columns"/>.</summary>
internal sealed record SeedRows(string Table, string Columns, IEnumerable<object?[]> Rows);
