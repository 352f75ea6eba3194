using Npgsql;

namespace DsrService.Demo.Stores;

/// <summary>The database in which the demo systems have their schemas, one each.</summary>
internal static class DemoDatabase
{
    // Instants in rows turned to JSON come out in UTC.
    public static NpgsqlDataSource Create(string connection) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connection) { Timezone = "UTC", MaxPoolSize = 20, MinPoolSize = 0, ApplicationName = "demo" });
}
