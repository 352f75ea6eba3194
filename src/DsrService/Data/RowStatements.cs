using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace DsrService.Data;

/// <summary>The statements of one table, made once and the same each time, so that Postgres plans them once a connection.
/// Many rows go by one statement, a column of theirs as one array: for each row by itself Postgres and its client would begin
/// and end a statement, which costs both as much as the row.</summary>
internal sealed class RowStatements
{
    private static readonly ConcurrentDictionary<IEntityType, RowStatements> Tables = new();
    // Only makes parameters.
    private static readonly NpgsqlCommand Factory = new();

    private readonly ConcurrentDictionary<string, string> updates = new(StringComparer.Ordinal);
    private readonly string table;
    private readonly IReadOnlyList<Column> columns;
    private readonly IReadOnlyList<Column> key;
    private readonly string insert;
    private readonly string insertMany;

    private RowStatements(IEntityType type)
    {
        table = type.GetSchemaQualifiedTableName()!;
        columns = [.. type.GetProperties().Select(Column.Of)];
        key = [.. type.FindPrimaryKey()!.Properties.Select(property => columns.Single(column => column.Property == property))];
        var into = $"INSERT INTO {table} ({Names(columns)})";
        insert = $"{into} VALUES ({Parameters(columns)})";
        insertMany = $"{into} SELECT * FROM unnest({Parameters(columns)})";
    }

    public static RowStatements Of(IEntityType type) => Tables.GetOrAdd(type, type => new RowStatements(type));

    public NpgsqlBatchCommand Insert(object row)
    {
        var command = new NpgsqlBatchCommand(insert);
        foreach (var column in columns)
            command.Parameters.Add(column.Value(row));
        return command;
    }

    public NpgsqlBatchCommand InsertMany(IReadOnlyList<object> rows) => Command(insertMany, columns, rows);

    /// <summary>What has changed of a tracked row.</summary>
    public IReadOnlyList<Column> Changed(EntityEntry entry) => [.. columns.Where(column => entry.Property(column.Property).IsModified)];

    /// <summary>Writes these columns of rows that are there.</summary>
    public NpgsqlBatchCommand UpdateMany(IReadOnlyList<Column> changed, IReadOnlyList<object> rows)
    {
        IReadOnlyList<Column> all = [.. changed, .. key];
        var sql = updates.GetOrAdd(Names(changed), _ =>
            $"UPDATE {table} stored SET {string.Join(", ", changed.Select(column => $"{column.Name} = changed.{column.Name}"))} "
            + $"FROM unnest({Parameters(all)}) AS changed ({Names(all)}) WHERE {string.Join(" AND ", key.Select(column => $"stored.{column.Name} = changed.{column.Name}"))}");
        return Command(sql, all, rows);
    }

    private static NpgsqlBatchCommand Command(string sql, IReadOnlyList<Column> columns, IReadOnlyList<object> rows)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns)
            command.Parameters.Add(column.Values(rows));
        return command;
    }

    private static string Names(IEnumerable<Column> columns) => string.Join(", ", columns.Select(column => column.Name));

    private static string Parameters(IReadOnlyCollection<Column> columns) => string.Join(", ", columns.Select((_, at) => $"${at + 1}"));

    /// <summary>One column, and how its values are handed over.</summary>
    internal abstract class Column(IProperty property)
    {
        private readonly RelationalTypeMapping mapping = property.GetRelationalTypeMapping();

        public IProperty Property => property;

        /// <summary>As it stands in a statement.</summary>
        public string Name { get; } = $"\"{property.GetColumnName()}\"";

        protected string ArrayType => mapping.StoreType + "[]";

        public static Column Of(IProperty property)
        {
            var stored = property.GetRelationalTypeMapping().Converter?.ProviderClrType ?? property.ClrType;
            if (property.IsNullable && stored.IsValueType && Nullable.GetUnderlyingType(stored) is null)
                stored = typeof(Nullable<>).MakeGenericType(stored);
            return (Column)Activator.CreateInstance(typeof(Column<>).MakeGenericType(stored), property)!;
        }

        public NpgsqlParameter Value(object row) => (NpgsqlParameter)mapping.CreateParameter(Factory, "", Read(row), property.IsNullable);

        public abstract NpgsqlParameter Values(IReadOnlyList<object> rows);

        protected object? Stored(object row) => mapping.Converter is { } converter ? converter.ConvertToProvider(Read(row)) : Read(row);

        private object? Read(object row) => property.GetGetter().GetClrValue(row);
    }

    private sealed class Column<T>(IProperty property) : Column(property)
    {
        public override NpgsqlParameter Values(IReadOnlyList<object> rows)
        {
            var values = new T[rows.Count];
            for (var at = 0; at < values.Length; at++)
                values[at] = (T)Stored(rows[at])!;
            return new NpgsqlParameter<T[]> { TypedValue = values, DataTypeName = ArrayType };
        }
    }
}
