using System.Text.Json;
using DsrService.Demo.Toontrack;
using DsrService.Testing;
using Npgsql;

namespace DsrService.Journeys.Journey;

/// <summary>A whole installation as somebody might run it: Postgres, RabbitMQ, the service in one process and the demo
/// systems in another, each system with a broker account of its own.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private const string Password = "of-the-test";
    private const string ServiceAccount = "dsr-service";

    private readonly string folder = Reaper.Folder("journey");
    private readonly int port = FreePort.Next();
    private readonly int systemsPort = FreePort.Next();
    private readonly string database;
    private TestProcess? service;
    private TestProcess? systems;

    private Installation(PostgresServer postgres, string database, RabbitMqServer broker)
    {
        (Postgres, this.database, Broker) = (postgres, database, broker);
        Store = NpgsqlDataSource.Create(database);
    }

    public PostgresServer Postgres { get; }

    public RabbitMqServer Broker { get; }

    /// <summary>The service's database, to look into and to hold rows of.</summary>
    public NpgsqlDataSource Store { get; }

    public Uri Address => new($"http://127.0.0.1:{port}");

    public static async Task<Installation> StartAsync()
    {
        var broker = await RabbitMqServer.StartAsync();
        await broker.AddUsersAsync(
        [
            new(ServiceAccount, Password, ".*", ".*", ".*"),
            .. ToontrackSystems.All.Select(key => SystemAccount($"{ToontrackSystems.Controller}.{key}")),
        ]);
        var postgres = await PostgresServer.StartAsync();
        var installation = new Installation(postgres, await postgres.CreateDatabaseAsync(), broker);
        await installation.StartServiceAsync();
        await installation.StartSystemsAsync();
        return installation;
    }

    public async Task StartServiceAsync()
    {
        service = Start(port, new()
        {
            ["Demo__Only"] = "service",
            ["Dsr__Bus"] = Broker.AddressOf(ServiceAccount, Password),
            ["Dsr__DataMaps"] = Path.Combine(AppContext.BaseDirectory, "datamaps"),
            ["Dsr__Files"] = Path.Combine(folder, "files"),
            ["Dsr__Keys"] = Path.Combine(folder, "keys"),
            ["Dsr__RateLimits__IntakePerMinute"] = "10000",
            ["Dsr__RateLimits__TokensPerMinute"] = "10000",
            ["Demo__SystemsAddress"] = $"http://127.0.0.1:{systemsPort}",
        });
        await service.WaitForLineAsync("ready http", Journey.Client.Patience);
    }

    public async Task StartSystemsAsync()
    {
        systems = Start(systemsPort, new()
        {
            ["Demo__Only"] = "systems",
            ["Demo__Broker"] = $"amqp://127.0.0.1:{Broker.Port}/",
            ["Demo__BrokerPassword"] = Password,
        });
        await systems.WaitForLineAsync("ready http", Journey.Client.Patience);
    }

    /// <summary>SIGKILL: nothing is put in order first.</summary>
    public async Task KillServiceAsync()
    {
        await service!.KillAsync();
        await service.DisposeAsync();
    }

    public async Task KillSystemsAsync()
    {
        await systems!.KillAsync();
        await systems.DisposeAsync();
    }

    /// <summary>What both processes said last, beside a failure.</summary>
    public void ShowIfFailed()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status is NUnit.Framework.Interfaces.TestStatus.Failed)
            TestContext.Out.WriteLine($"Service:\n{Last(service)}\nSystems:\n{Last(systems)}");

        static string Last(TestProcess? process) => string.Join('\n', (process?.Lines ?? []).TakeLast(60));
    }

    public Client Client()
    {
        var file = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(folder, "demo.json")));
        return new(Address, file.GetProperty("staffTokens").GetProperty("approver").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        if (service is not null)
            await service.DisposeAsync();
        if (systems is not null)
            await systems.DisposeAsync();
        await Broker.DisposeAsync();
        await Store.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private TestProcess Start(int at, Dictionary<string, string?> settings)
    {
        settings["ASPNETCORE_URLS"] = $"http://127.0.0.1:{at}";
        settings["ConnectionStrings__Dsr"] = database;
        settings["Demo__Companies__0"] = ToontrackSystems.Controller;
        settings["Demo__SlowFor"] = "00:00:03";
        settings["Demo__ManyRows"] = "500";
        settings["Demo__Output"] = Path.Combine(folder, "demo.json");
        return TestProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "DsrService.Demo.dll")], settings, folder);
    }

    // A system reads its own queue and writes to the service's four; nothing else.
    private static BrokerUser SystemAccount(string name)
    {
        var own = $"dsr\\.{name.Replace(".", "\\.", StringComparison.Ordinal)}";
        const string service = "dsr\\.service\\.(accepted|heartbeat|receipt|failure)";
        return new(name, Password, $"^({own}|{service})$", $"^({own}|{service})$", $"^{own}$");
    }
}
