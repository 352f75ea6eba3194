using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DsrService.Data;

/// <summary>How the service reaches Postgres, and the migration run.</summary>
internal static class Database
{
    private const string HistoryTable = "migrations";

    public static IServiceCollection AddDatabase(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => new NpgsqlDataSourceBuilder(connectionString).Build());
        services.AddDbContextPool<DsrDbContext>((provider, options) => Configure(options, provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<WorkSignal>();
        return services;
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
        await db.Database.MigrateAsync(cancel);
    }

    /// <summary>True where a save met a row that is already there: the database's own answer to two at once.</summary>
    public static bool IsDuplicate(this DbUpdateException error, [NotNullWhen(true)] out string? constraint)
    {
        constraint = error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } found ? found.ConstraintName : null;
        return constraint is not null;
    }
}
