using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>What the database really holds of the tables that a mapping names.</summary>
internal sealed class LiveSchema
{
    private const string Columns = """
        SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), t.typname, a.attnotnull,
               a.attgenerated <> '' OR a.attidentity = 'a',
               CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
               has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'UPDATE'), has_table_privilege(c.oid, 'DELETE'),
               has_table_privilege(c.oid, 'INSERT')
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        WHERE n.nspname = @schema AND c.relkind IN ('r', 'p') AND c.relname = ANY(@tables)
        """;

    private const string Indexes = """
        SELECT c.relname, pg_catalog.pg_get_indexdef(i.indexrelid, 1, false), i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL,
               array(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY(i.indkey))
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = @schema AND c.relname = ANY(@tables) AND i.indisvalid
        """;

    private readonly Dictionary<(string Table, string Column), LiveColumn> columns = [];
    private readonly Dictionary<string, LiveTable> tables = [];

    public static async Task<LiveSchema> ReadAsync(NpgsqlConnection connection, SqlMapping mapping, CancellationToken cancel)
    {
        var schema = new LiveSchema();
        string[] names = [.. mapping.Tables.Select(table => table.Name), mapping.Ledger];
        await using (var command = Command(connection, Columns, mapping.Schema, names))
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel))
            {
                var table = rows.GetString(0);
                schema.tables.TryAdd(table, new(rows.GetBoolean(7), rows.GetBoolean(8), rows.GetBoolean(9)));
                schema.columns[(table, rows.GetString(1))] = new(rows.GetString(2), Family(rows.GetString(3)), rows.GetBoolean(4), rows.GetBoolean(5),
                    rows.IsDBNull(6) ? null : rows.GetInt32(6));
            }
        await using (var command = Command(connection, Indexes, mapping.Schema, names))
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel))
                if (schema.tables.TryGetValue(rows.GetString(0), out var table))
                    table.Indexes.Add(new(rows.GetString(1), rows.GetBoolean(2), rows.GetFieldValue<string[]>(3)));
        return schema;
    }

    public LiveTable? Table(string name) => tables.GetValueOrDefault(name);

    public LiveColumn? Column(string table, string column) => columns.GetValueOrDefault((table, column));

    public IEnumerable<string> ColumnsOf(string table) => columns.Keys.Where(key => key.Table == table).Select(key => key.Column);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, string schema, string[] names)
    {
        var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddWithValue("schema", schema);
        command.Parameters.AddWithValue("tables", names);
        return command;
    }

    private static SqlFamily Family(string type) => type switch
    {
        "text" or "varchar" or "bpchar" or "citext" => SqlFamily.Text,
        "int2" or "int4" or "int8" => SqlFamily.Integer,
        "uuid" => SqlFamily.Uuid,
        "bool" => SqlFamily.Boolean,
        "date" => SqlFamily.Date,
        "timestamp" => SqlFamily.LocalTime,
        "timestamptz" => SqlFamily.Instant,
        _ => SqlFamily.Other,
    };
}

internal sealed record LiveTable(bool CanUpdate, bool CanDelete, bool CanInsert)
{
    public List<LiveIndex> Indexes { get; } = [];
}

/// <param name="First">What its first column is, as Postgres writes it: a quoted name or an expression.</param>
/// <param name="Unique">Whether it alone tells rows apart.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record LiveIndex(string First, bool Unique, IReadOnlyList<string> Columns);

/// <param name="Type">As Postgres writes it, such as <c>character varying(40)</c>.</param>
/// <param name="Family">What can be done with it.</param>
/// <param name="NotNull">Whether it needs a value.</param>
/// <param name="Generated">Whether it cannot be written.</param>
/// <param name="Length">The longest text it takes; null for any.</param>
internal sealed record LiveColumn(string Type, SqlFamily Family, bool NotNull, bool Generated, int? Length);

internal enum SqlFamily
{
    Other,
    Text,
    Integer,
    Uuid,
    Boolean,
    Date,
    LocalTime,
    Instant,
}
