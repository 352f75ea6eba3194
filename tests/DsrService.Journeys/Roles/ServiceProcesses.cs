using System.Globalization;
using System.Text.Json.Nodes;
using DsrService.Demo.Toontrack;
using DsrService.Testing;

namespace DsrService.Journeys.Roles;

/// <summary>An installation as docker-compose.yml describes it: each role and the connected systems in a process of its own,
/// one Postgres, one RabbitMQ where every system has its own account, mail over SMTP.</summary>
internal sealed class ServiceProcesses : IAsyncDisposable
{
    private const string brokerPassword = "of-the-systems";
    private const string answers = @"dsr\.service\.(accepted|heartbeat|receipt|failure)";
    private static readonly string[] roles = ["portal", "desk", "systems", "worker"];

    private readonly string folder = Reaper.Folder("roles");
    private readonly Dictionary<string, int> ports = roles.Append("demo").ToDictionary(name => name, _ => FreePort.Next());
    private readonly Dictionary<string, TestProcess> running = [];
    private readonly Dictionary<string, string?> service;
    private readonly Dictionary<string, string?> demo;

    private ServiceProcesses(string database, RabbitMqServer broker, SmtpServer smtp)
    {
        (Database, Broker, Smtp) = (database, broker, smtp);
        var shared = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Dsr"] = database,
            ["Dsr__Keys"] = Path.Combine(folder, "keys"),
            ["Dsr__Files"] = Path.Combine(folder, "files"),
            ["Dsr__DataMaps"] = Path.Combine(Repository, "deploy", "datamaps"),
            ["Dsr__PublicAddress"] = Address("portal").ToString(),
        };
        service = new(shared)
        {
            ["Dsr__Bus"] = broker.AddressOf("dsr", "of-the-service"),
            ["Dsr__SystemsAddress"] = Address("systems").ToString(),
            ["Dsr__PrivateSystems__0"] = "127.0.0.0/8",
            ["Dsr__RateLimits__IntakePerMinute"] = "100000",
            ["Dsr__RateLimits__TokensPerMinute"] = "100000",
            ["Dsr__Mail__Smtp"] = string.Create(CultureInfo.InvariantCulture, $"smtp://{SmtpServer.User}@localhost:{smtp.Port}"),
            ["Dsr__Mail__Password"] = SmtpServer.Password,
            [$"Dsr__Databases__{ToontrackSystems.Controller}__{ToontrackSystems.ProductRegistration}"] = database,
            [$"Dsr__Databases__{ToontrackSystems.Controller}__{ToontrackSystems.ServiceLog}"] = database,
            ["SSL_CERT_FILE"] = smtp.CertificateFile,
        };
        demo = new(shared)
        {
            ["Demo__Companies__0"] = ToontrackSystems.Controller,
            ["Demo__ManyRows"] = "100",
            ["Demo__Output"] = Path.Combine(folder, "demo.json"),
            ["Demo__Broker"] = string.Create(CultureInfo.InvariantCulture, $"amqp://127.0.0.1:{broker.Port}"),
            ["Demo__BrokerPassword"] = brokerPassword,
            ["Demo__ServiceAddress"] = Address("systems").ToString(),
            ["Demo__SystemsAddress"] = Address("demo").ToString(),
        };
    }

    public string Database { get; }

    public RabbitMqServer Broker { get; }

    public SmtpServer Smtp { get; }

    /// <summary>Tokens of the demo's staff by role.</summary>
    public IReadOnlyDictionary<string, string> StaffTokens { get; private set; } = new Dictionary<string, string>();

    public static async Task<ServiceProcesses> StartAsync()
    {
        var postgres = await PostgresServer.SharedAsync();
        var broker = await RabbitMqServer.StartAsync();
        await broker.AddUsersAsync(
        [
            new BrokerUser("dsr", "of-the-service", ".*", ".*", ".*"),
            .. ToontrackSystems.All.Except(ToontrackSystems.Manual).Select(Account),
        ]);
        var processes = new ServiceProcesses(await postgres.CreateDatabaseAsync(), broker, await SmtpServer.StartAsync());
        await TestProcess.RunAsync("dotnet", [Program("DsrService"), "migrate"], processes.service);
        await TestProcess.RunAsync("dotnet", [Program("DsrService.Demo"), "--Demo:Only=seed"], processes.demo);
        processes.StaffTokens = JsonNode.Parse(await File.ReadAllTextAsync(processes.demo["Demo__Output"]!))!["staffTokens"]!.AsObject()
            .ToDictionary(token => token.Key, token => token.Value!.GetValue<string>());
        await Task.WhenAll([.. roles.Append("demo").Select(processes.StartAsync)]);
        return processes;
    }

    public Uri Address(string role) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[role]}"));

    /// <summary>Starts a role, or the systems (<c>demo</c>), at the address it has had before.</summary>
    public async Task StartAsync(string role)
    {
        var settings = new Dictionary<string, string?>(role == "demo" ? demo : service)
        {
            [role == "demo" ? "Demo__Only" : "Dsr__Roles__0"] = role == "demo" ? "systems" : role,
            ["ASPNETCORE_URLS"] = Address(role).ToString(),
        };
        var process = TestProcess.Start("dotnet", [Program(role == "demo" ? "DsrService.Demo" : "DsrService")], settings, folder);
        lock (running)
        {
            running[role] = process;
        }
        await process.WaitForLineAsync("Now listening on", TimeSpan.FromMinutes(3));
    }

    /// <summary>SIGKILL: whatever was under way is left as it is.</summary>
    public async Task KillAsync(string role)
    {
        await running[role].KillAsync();
        await running[role].DisposeAsync();
    }

    /// <summary>What a process has said, for a test that failed.</summary>
    public string Output(string role) => running[role].Output;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running.Values)
        {
            await process.DisposeAsync();
        }
        await Broker.DisposeAsync();
        await Smtp.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static BrokerUser Account(string system)
    {
        var queue = $@"dsr\.{ToontrackSystems.Controller}\.{system}";
        return new($"{ToontrackSystems.Controller}.{system}", brokerPassword, $"^({queue}|{answers})$", $"^({queue}|{answers})$", $"^{queue}$");
    }

    private static string Program(string name) => Path.Combine(AppContext.BaseDirectory, $"{name}.dll");

    private static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "DsrService.sln")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside their repository.");
            }
            return folder;
        }
    }
}
