using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DsrService.Data;

/// <summary>How the service reaches Postgres, and the migration run.</summary>
internal static class Database
{
    private const string HistoryTable = "migrations";
    private const long MigrationLock = 0x6473725F6D6967;

    public static IServiceCollection AddDatabase(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => new NpgsqlDataSourceBuilder(Prepared(connectionString)).Build());
        services.AddDbContextPool<DsrDbContext>((provider, options) => Configure(options, provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<WorkSignal>();
        return services;
    }

    // The same few statements all day: without preparing them Postgres parses and plans each row of a batch anew.
    private static string Prepared(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (builder.MaxAutoPrepare == 0)
            builder.MaxAutoPrepare = 64;
        // Nothing is left on a connection: what is set is set for its transaction, the lock of the migrations is given back, and
        // who listens has one for good.
        builder.NoResetOnClose = true;
        return builder.ConnectionString;
    }

    public static void Configure(DbContextOptionsBuilder options, NpgsqlDataSource source) =>
        options.UseNpgsql(source, postgres => postgres.MigrationsHistoryTable(HistoryTable, DsrDbContext.Schema))
            .ConfigureWarnings(warnings => warnings.Ignore(Microsoft.EntityFrameworkCore.Diagnostics.RelationalEventId.PendingModelChangesWarning));

    /// <summary>Brings the schema up to date; several at once wait for one another.</summary>
    public static async Task MigrateAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        var options = new DbContextOptionsBuilder<DsrDbContext>();
        Configure(options, source);
        await using var db = new DsrDbContext(options.Options);
        // The framework's own lock lets a second process in between two migrations: what it had read by then is out of date.
        await using var connection = await source.OpenConnectionAsync(cancel);
        await LockAsync(connection, "SELECT pg_advisory_lock($1)", cancel);
        try
        {
            await db.Database.MigrateAsync(cancel);
        }
        finally
        {
            await LockAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
        }
    }

    private static async Task LockAsync(NpgsqlConnection connection, string statement, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(statement, connection) { Parameters = { new() { Value = MigrationLock } }, CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>True where a save met a row that is already there: the database's own answer to two at once.</summary>
    public static bool IsDuplicate(this DbUpdateException error, [NotNullWhen(true)] out string? constraint)
    {
        constraint = error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } found ? found.ConstraintName : null;
        return constraint is not null;
    }
}
