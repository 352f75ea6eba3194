using System.CommandLine;
using DsrService.Data;
using Npgsql;

namespace DsrService.Hosting;

/// <summary>The verb <c>migrate</c>: brings the database up to date, once, before any role starts.</summary>
internal static class Migrate
{
    public static Command Command()
    {
        var command = new Command("migrate", "Brings the database schema up to date");
        command.SetAction(async (parsed, cancel) =>
        {
            await using var source = NpgsqlDataSource.Create(ServiceHost.ConnectionString(ServiceHost.Settings()));
            await Database.MigrateAsync(source, cancel);
            await parsed.InvocationConfiguration.Output.WriteLineAsync("The database is up to date.");
            return 0;
        });
        return command;
    }
}
