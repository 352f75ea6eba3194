using System.ComponentModel.DataAnnotations;

namespace DsrService.Demo;

/// <summary>The settings under <c>Demo</c>.</summary>
internal sealed class DemoOptions
{
    public const string Section = "Demo";

    /// <summary>Which half this process runs, where they are apart; both by default.</summary>
    public DemoPart? Only { get; set; }

    /// <summary>The database of the demo systems; the service's own by default.</summary>
    public string? Database { get; set; }

    /// <summary>Where the tokens and sign-ins are written, and where a process of the systems alone reads them.</summary>
    [Required]
    public string Output { get; set; } = ".dsr/demo.json";

    /// <summary>RabbitMQ as the systems reach it, without an account: <c>amqp://host:port/vhost</c>. Each system signs in as
    /// <c>controller.system</c>. Without it they share the in-memory bus of the service in this process.</summary>
    public Uri? Broker { get; set; }

    /// <summary>Password of the systems' accounts at the broker.</summary>
    public string? BrokerPassword { get; set; }

    /// <summary>Where the systems reach the service; by default the address it serves at.</summary>
    public Uri? ServiceAddress { get; set; }

    /// <summary>Where the service pushes tasks to; by default the address this process serves at.</summary>
    public Uri? SystemsAddress { get; set; }

    /// <summary>Rows in one store of the one person of each company who has many.</summary>
    [Range(0, 10_000_000)]
    public int ManyRows { get; set; } = 100_000;

    /// <summary>Keys of the companies to serve; all if none is named.</summary>
    public List<string> Companies { get; } = [];

    /// <summary>How often a system that fetches its tasks asks for them.</summary>
    public TimeSpan PullEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How djmixersoft keeps its word that content is read with the administrator's knowledge.</summary>
    public ContentReading ContentReading { get; set; } = ContentReading.ToldAfterwards;

    /// <summary>Where people reach the demo; by default where the service says it is.</summary>
    public Uri PublicAddress { get; set; } = new("http://127.0.0.1:8080");

    /// <summary>How long a system takes that was told to be slow.</summary>
    public TimeSpan SlowFor { get; set; } = TimeSpan.FromSeconds(20);

    public bool Runs(DemoPart part) => Only is null || Only == part;
}

internal enum ContentReading
{
    /// <summary>The administrator is told at once.</summary>
    ToldAfterwards,

    /// <summary>The task waits for the administrator's approval.</summary>
    ApprovedBefore,
}

internal enum DemoPart
{
    Service,
    Systems,

    /// <summary>Only gives out the first credentials, to an installation whose roles run elsewhere, and ends.</summary>
    Seed,
}
