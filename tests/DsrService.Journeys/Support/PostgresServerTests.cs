using Npgsql;

namespace DsrService.Testing;

internal sealed class PostgresServerTests
{
    [Test]
    public async Task CreateDatabase_FromTemplate_IsACopyOfItsOwn()
    {
        var postgres = await PostgresServer.SharedAsync();
        var template = await postgres.TemplateAsync("support", connection =>
            ExecuteAsync(connection, "CREATE TABLE note (text text); INSERT INTO note VALUES ('from the template')"));

        var first = await postgres.CreateDatabaseAsync(template);
        var second = await postgres.CreateDatabaseAsync(template);
        await ExecuteAsync(first, "INSERT INTO note VALUES ('only here')");

        Assert.That(await CountAsync(first), Is.EqualTo(2));
        Assert.That(await CountAsync(second), Is.EqualTo(1));
    }

    [Test]
    public async Task StartAgain_AfterACrash_KeepsWhatWasCommitted()
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, "CREATE TABLE note (text text); INSERT INTO note VALUES ('committed')");

        await postgres.CrashAsync();
        await postgres.StartAgainAsync();
        NpgsqlConnection.ClearAllPools();

        Assert.That(await CountAsync(database), Is.EqualTo(1));
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT count(*) FROM note");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
