using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace DsrService.Testing;

/// <summary>
/// A private Postgres cluster in a temporary folder, reached by a Unix socket inside it, so that no port can be taken
/// and nobody else gets in. As root it runs as user postgres, since Postgres refuses root.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> shared = new(() => StartAsync());
    private static int databases;

    private readonly string folder;
    private readonly bool durable;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> templates = new();
    private TestProcess? server;

    private PostgresServer(string folder, bool durable) => (this.folder, this.durable) = (folder, durable);

    /// <summary>One cluster a test process, started when first asked for, gone with the process.</summary>
    public static Task<PostgresServer> SharedAsync() => shared.Value;

    /// <summary>A cluster of one's own. <paramref name="durable"/> keeps fsync and its like on, as a benchmark needs.</summary>
    public static async Task<PostgresServer> StartAsync(bool durable = false)
    {
        var postgres = new PostgresServer(durable ? Reaper.Folder("postgres") : Reaper.FolderInMemory("postgres"), durable);
        if (Environment.IsPrivilegedProcess)
        {
            await TestProcess.RunAsync("chown", ["postgres:", postgres.folder]);
        }
        await postgres.RunAsync(
            "initdb", "-D", postgres.Data, "-U", "dsr", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions");
        await postgres.StartAgainAsync();
        return postgres;
    }

    /// <summary>
    /// A fresh database, empty or cloned from a template; the answer is its connection string. Cloning a template that
    /// was migrated once is many times quicker than migrating again.
    /// </summary>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template ?? "template0"} STRATEGY file_copy");
        return ConnectionString(name);
    }

    /// <summary>
    /// The template of that name, prepared by the first who asks. What <paramref name="prepare"/> gets is a connection
    /// string without pooling, because a database somebody is connected to cannot be cloned.
    /// </summary>
    public Task<string> TemplateAsync(string name, Func<string, Task> prepare) =>
        templates.GetOrAdd(name, _ => new Lazy<Task<string>>(async () =>
        {
            await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
            await prepare(new NpgsqlConnectionStringBuilder(ConnectionString(name)) { Pooling = false }.ConnectionString);
            return name;
        })).Value;

    public Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = folder,
        Username = "dsr",
        Database = database,
        MaxPoolSize = 40,
        ConnectionIdleLifetime = 10,
        ConnectionPruningInterval = 5,
    }.ConnectionString;

    /// <summary>SIGQUIT, as good as a crash: what was not committed is lost, the next start recovers.</summary>
    public async Task CrashAsync()
    {
        server!.Signal(PosixSignal.SIGQUIT);
        await server.WaitForExitAsync();
    }

    public async Task StartAgainAsync()
    {
        // Durable as docker-compose.yml has it.
        string[] safety = durable ? ["-c", "shared_buffers=1GB", "-c", "max_wal_size=4GB"] : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];
        server = Start(
            "postgres",
            [
                "-D", Data, "-c", "listen_addresses=", "-c", $"unix_socket_directories={folder}", "-c", "max_connections=400",
                "-c", "logging_collector=off", "-c", "lc_messages=C", .. safety,
            ]);
        await server.WaitForLineAsync("database system is ready to accept connections");
    }

    public async ValueTask DisposeAsync()
    {
        if (server is { HasExited: false })
        {
            await CrashAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    private string Data => Path.Combine(folder, "data");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        await using var run = Start(program, arguments);
        if (await run.WaitForExitAsync() != 0)
        {
            throw new InvalidOperationException($"{program} failed:\n{run.Output}");
        }
    }

    private TestProcess Start(string program, IEnumerable<string> arguments)
    {
        var path = Path.Combine(Binaries(), program);
        return Environment.IsPrivilegedProcess
            ? TestProcess.Start(
                "setpriv",
                ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", path, .. arguments],
                workingDirectory: folder)
            : TestProcess.Start(path, arguments, workingDirectory: folder);
    }

    private static string Binaries()
    {
        const string versions = "/usr/lib/postgresql";
        var found = Directory.Exists(versions)
            ? Directory.GetDirectories(versions)
                .Where(version => File.Exists(Path.Combine(version, "bin", "postgres")))
                .MaxBy(version => int.Parse(Path.GetFileName(version), CultureInfo.InvariantCulture))
            : null;
        return found is null
            ? throw new InvalidOperationException($"No Postgres server under {versions}: install the package postgresql.")
            : Path.Combine(found, "bin");
    }
}
