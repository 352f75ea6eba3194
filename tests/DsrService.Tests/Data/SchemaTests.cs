using DsrService.Data;
using DsrService.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace DsrService.Tests.Data;

/// <summary>The migrations are written by hand: the model must be what they make.</summary>
internal sealed class SchemaTests
{
    [Test]
    public async Task Migrate_EmptyDatabase_GivesExactlyTheModel()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connection);
        await Database.MigrateAsync(source, CancellationToken.None);
        var options = new DbContextOptionsBuilder<DsrDbContext>();
        Database.Configure(options, source);
        await using var db = new DsrDbContext(options.Options);

        var actual = new List<string>();
        await using (var command = source.CreateCommand("""
            SELECT table_name, column_name, CASE data_type WHEN 'USER-DEFINED' THEN udt_name ELSE data_type END, is_nullable
            FROM information_schema.columns WHERE table_schema = 'dsr' AND table_name <> 'migrations'
            """))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                actual.Add($"{reader.GetString(0)}.{reader.GetString(1)} {reader.GetString(2)} {(reader.GetString(3) == "YES" ? "null" : "not null")}");

        var expected = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties().Select(property => Describe(entity, property)));
        Assert.That(actual, Is.EquivalentTo(expected));
    }

    [Test]
    public async Task Migrate_Twice_ChangesNothing()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connection);

        await Task.WhenAll(Database.MigrateAsync(source, CancellationToken.None), Database.MigrateAsync(source, CancellationToken.None));

        await using var count = source.CreateCommand("SELECT count(*) FROM dsr.migrations WHERE \"MigrationId\" = '0001_first'");
        Assert.That(await count.ExecuteScalarAsync(), Is.EqualTo(1));
    }

    [TestCase("UPDATE dsr.audit_entries SET event = 'x'")]
    [TestCase("DELETE FROM dsr.audit_entries")]
    [TestCase("TRUNCATE dsr.audit_entries")]
    [TestCase("DELETE FROM dsr.access_log")]
    public async Task Change_AppendOnlyTable_IsRefused(string change)
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connection);
        await Database.MigrateAsync(source, CancellationToken.None);

        await using var command = source.CreateCommand(change);
        Assert.That(async () => await command.ExecuteNonQueryAsync(), Throws.InstanceOf<PostgresException>().With.Message.Contains("append-only"));
    }

    // Else each claim would write an entry into every index of the table.
    [Test]
    public async Task Migrate_WhatAClaimChanges_IsInNoIndex()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connection);
        await Database.MigrateAsync(source, CancellationToken.None);

        await using var indices = source.CreateCommand("SELECT indexdef FROM pg_indexes WHERE schemaname = 'dsr' AND tablename = 'tasks'");
        var definitions = new List<string>();
        await using (var reader = await indices.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                definitions.Add(reader.GetString(0));
        Assert.That(definitions, Is.Not.Empty.And.All.Not.Match(@"\battempt\b|\bclaimed_until\b"));
    }

    private static string Describe(IEntityType entity, IProperty property)
    {
        var type = property.GetColumnType() switch
        {
            "timestamp with time zone" or "date" or "json" or "jsonb" or "uuid" or "text" or "boolean" or "integer" or "bigint" or "bytea" or "interval" => property.GetColumnType(),
            var other => $"unexpected {other}",
        };
        return $"{entity.GetTableName()}.{property.GetColumnName()} {type} {(property.IsNullable ? "null" : "not null")}";
    }
}
