using DsrService.Demo.Stores;
using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Demo.Systems;

/// <summary>How a demo system has been told to behave.</summary>
internal enum Behaviour
{
    Normal,
    /// <summary>Every attempt fails.</summary>
    Down,
    /// <summary>Takes its time.</summary>
    Slow,
    /// <summary>Takes the task and is never heard of again.</summary>
    Silent,
    /// <summary>Says that it is done and has done nothing.</summary>
    Lies,
    /// <summary>Will not do it.</summary>
    Refuses,
}

/// <summary>Kept in the database, since the systems may run in another process than the one that is told.</summary>
internal sealed class Behaviours(NpgsqlDataSource database)
{
    public async Task<Behaviour> Of(DemoStore store, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select behaviour from demo.behaviour where controller = @controller and system = @system");
        command.Parameters.AddWithValue("controller", store.Controller);
        command.Parameters.AddWithValue("system", store.Key);
        return DsrJson.TryParseKebab<Behaviour>((string?)await command.ExecuteScalarAsync(cancel), out var told) ? told : store.Usually;
    }

    public async Task Tell(DemoStore store, Behaviour behaviour, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Sql.Run(connection, """
            insert into demo.behaviour values (@controller, @system, @behaviour)
            on conflict (controller, system) do update set behaviour = @behaviour
            """, cancel, ("controller", store.Controller), ("system", store.Key), ("behaviour", DsrJson.Kebab(behaviour)));
    }
}
