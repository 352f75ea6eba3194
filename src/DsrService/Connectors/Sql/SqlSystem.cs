using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>A database that tasks can be worked at: its mapping, which fits, and the way to it.</summary>
internal sealed record SqlSystem(SqlMapping Mapping, LiveSchema Live, NpgsqlDataSource Source, string Zone)
{
    /// <summary>Ends of retention are days of the controller's zone.</summary>
    public DateOnly Today(TimeProvider time) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime);

    /// <summary>Rows turned to JSON tell their instants in UTC.</summary>
    public static NpgsqlDataSource Open(string connection) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection)
    {
        Timezone = "UTC",
        ApplicationName = "dsr",
        MinPoolSize = 0,
        MaxPoolSize = 12,
        Timeout = 15,
        CommandTimeout = 60,
    });
}
