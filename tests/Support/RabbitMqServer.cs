using System.Globalization;
using System.Text;

namespace DsrService.Testing;

/// <summary>
/// A private RabbitMQ node with its own epmd, ports, folders and cookie, running as whoever runs the tests. It keeps
/// port and data when it is stopped and started, so that a client sees a broker that went away and came back.
/// </summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    private const string scripts = "/usr/lib/rabbitmq/bin";
    private static readonly Lazy<Task<RabbitMqServer>> shared = new(StartAsync);

    private readonly string folder = Reaper.Folder("rabbitmq");
    private readonly int epmdPort = FreePort.Next();
    private readonly int distributionPort = FreePort.Next();
    private TestProcess? epmd;
    private TestProcess? node;
    private string? paused;

    private RabbitMqServer()
    {
    }

    public int Port { get; } = FreePort.Next();

    /// <summary>The account that may do everything.</summary>
    public string Address => AddressOf("guest", "guest");

    public bool IsRunning => node is { HasExited: false };

    /// <summary>One node a test process, started when first asked for, gone with the process. Not for stopping.</summary>
    public static Task<RabbitMqServer> SharedAsync() => shared.Value;

    public static async Task<RabbitMqServer> StartAsync()
    {
        if (!File.Exists($"{scripts}/rabbitmq-server"))
        {
            throw new InvalidOperationException($"No RabbitMQ in {scripts}: install the package rabbitmq-server.");
        }
        for (var attempt = 1; ; attempt++)
        {
            var server = new RabbitMqServer();
            try
            {
                await server.StartAgainAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // One of the ports was taken between being chosen and being bound.
                await server.DisposeAsync();
            }
        }
    }

    public string AddressOf(string user, string password) =>
        string.Create(CultureInfo.InvariantCulture, $"amqp://{user}:{password}@127.0.0.1:{Port}/");

    /// <summary>Adds an account, or replaces its password and rights. The answer is its address.</summary>
    public async Task<string> AddUserAsync(BrokerUser user)
    {
        await AddUsersAsync([user]);
        return AddressOf(user.Name, user.Password);
    }

    /// <summary>Adds accounts in one go: each call of rabbitmqctl takes a second or two.</summary>
    public Task AddUsersAsync(IReadOnlyCollection<BrokerUser> users)
    {
        static string Text(string value) =>
            $"<<\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\">>";
        var calls = users.Select(user =>
            $"rabbit_auth_backend_internal:put_user(#{{name => {Text(user.Name)}, password => {Text(user.Password)}, tags => <<>>}}, <<\"tests\">>), "
            + $"rabbit_auth_backend_internal:set_permissions({Text(user.Name)}, <<\"/\">>, {Text(user.Configure)}, {Text(user.Write)}, {Text(user.Read)}, <<\"tests\">>)");
        return ControlAsync("eval", string.Join(", ", calls) + ".");
    }

    /// <summary>Runs rabbitmqctl against the node: <c>list_queues</c>, <c>delete_queue</c> and so on.</summary>
    public Task<string> ControlAsync(params string[] arguments) =>
        TestProcess.RunAsync($"{scripts}/rabbitmqctl", arguments, Settings());

    /// <summary>An orderly end: what clients were told is safe is on the disk.</summary>
    public async Task StopAsync()
    {
        await node!.StopAsync();
        await node.DisposeAsync();
    }

    /// <summary>
    /// SIGKILL. A quorum queue younger than half a second would come back without leader and content, because its name
    /// was not on the disk yet: such names are written first.
    /// </summary>
    public async Task KillAsync()
    {
        await ControlAsync("eval", "[dets:sync(Table) || Table <- dets:all()].");
        await node!.KillAsync();
        await node.DisposeAsync();
    }

    /// <summary>Whether any file of the node, of messages long taken too, holds this text as it stands.</summary>
    public async Task<bool> HasOnDiskAsync(string text)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            // A segment may go while we look: what it held is in another by then.
            if (!File.Exists(file))
                continue;
            await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[content.Length];
            var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
            if (bytes.AsSpan(0, length).IndexOf(sought) >= 0)
                return true;
        }
        return false;
    }

    /// <summary>The node stands still: connections stay open and nothing is taken or said.</summary>
    public async Task PauseAsync()
    {
        var said = await ControlAsync("eval", "os:getpid().");
        paused = said.Trim().Trim('"');
        await TestProcess.RunAsync("kill", ["-STOP", paused]);
    }

    /// <summary>Goes on after <see cref="PauseAsync"/> as if nothing had been; else does nothing.</summary>
    public async Task ResumeAsync()
    {
        if (paused is not null)
            await TestProcess.RunAsync("kill", ["-CONT", paused]);
        paused = null;
    }

    /// <summary>Starts after <see cref="StopAsync"/> or <see cref="KillAsync"/>: same port, same data.</summary>
    public async Task StartAgainAsync()
    {
        File.WriteAllText(Path.Combine(folder, "enabled_plugins"), "[].\n");
        File.WriteAllText(
            Path.Combine(folder, "rabbitmq.conf"),
            "disk_free_limit.absolute = 50MB\nraft.wal_max_size_bytes = 32000000\nlog.console = true\nlog.console.level = info\nlog.file = false\n");
        epmd ??= TestProcess.Start(
            "epmd", ["-port", epmdPort.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1"]);
        node = TestProcess.Start($"{scripts}/rabbitmq-server", [], Settings(), folder);
        await node.WaitForLineAsync("Server startup complete", TimeSpan.FromSeconds(120));
    }

    public async ValueTask DisposeAsync()
    {
        if (node is not null)
        {
            await node.DisposeAsync();
        }
        if (epmd is not null)
        {
            await epmd.DisposeAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["HOME"] = folder,
        ["ERL_EPMD_PORT"] = epmdPort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "none"),
        ["RABBITMQ_NODENAME"] = $"{Path.GetFileName(folder)}@localhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_DIST_PORT"] = distributionPort.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_CTL_DIST_PORT_MIN"] = "35672",
        ["RABBITMQ_CTL_DIST_PORT_MAX"] = "39672",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_LOGS"] = "-",
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq"),
        ["RABBITMQ_CONFIG_FILES"] = Path.Combine(folder, "conf.d"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder, "advanced"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(folder, "generated"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
        // Schedulers with nothing to do sleep at once instead of taking the machine from what is tested.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",

        // With input "allowed" the script becomes the server instead of standing before it: our signals reach it.
        ["RABBITMQ_ALLOW_INPUT"] = "true",
        ["RABBITMQ_SERVER_START_ARGS"] = "-noinput",
    };
}

/// <summary>An account of the broker; the three rights are regular expressions over names of queues and exchanges.</summary>
internal sealed record BrokerUser(string Name, string Password, string Configure, string Write, string Read);
