using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace DsrService.Data;

/// <summary>The statements of one table, made once and the same each time, so that Postgres plans them once a connection.</summary>
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

    private RowStatements(IEntityType type)
    {
        table = type.GetSchemaQualifiedTableName()!;
        columns = [.. type.GetProperties().Select(property => new Column(property, property.GetColumnName(), property.GetRelationalTypeMapping()))];
        key = [.. type.FindPrimaryKey()!.Properties.Select(property => columns.Single(column => column.Property == property))];
        insert = $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => $"\"{column.Name}\""))}) VALUES ({string.Join(", ", columns.Select((_, at) => $"${at + 1}"))})";
    }

    private sealed record Column(IProperty Property, string Name, RelationalTypeMapping Mapping);

    public static RowStatements Of(IEntityType type) => Tables.GetOrAdd(type, type => new RowStatements(type));

    public NpgsqlBatchCommand Insert(object row) => Command(insert, columns, row);

    /// <summary>Writes what has changed of a tracked row.</summary>
    public NpgsqlBatchCommand Update(EntityEntry entry)
    {
        var changed = columns.Where(column => entry.Property(column.Property).IsModified).ToList();
        var sql = updates.GetOrAdd(string.Join(',', changed.Select(column => column.Name)), _ =>
            $"UPDATE {table} SET {string.Join(", ", changed.Select((column, at) => $"\"{column.Name}\" = ${at + 1}"))} "
            + $"WHERE {string.Join(" AND ", key.Select((column, at) => $"\"{column.Name}\" = ${changed.Count + at + 1}"))}");
        return Command(sql, [.. changed, .. key], entry.Entity);
    }

    private static NpgsqlBatchCommand Command(string sql, IEnumerable<Column> values, object row)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (property, _, mapping) in values)
            command.Parameters.Add((NpgsqlParameter)mapping.CreateParameter(Factory, "", property.GetGetter().GetClrValue(row), property.IsNullable));
        return command;
    }
}
