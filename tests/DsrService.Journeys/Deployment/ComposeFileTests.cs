using System.Text.RegularExpressions;
using DsrService.Demo.Companies;
using DsrService.Fulfilment;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace DsrService.Journeys.Deployment;

/// <summary>What docker-compose.yml promises, since no container is started where it is tested.</summary>
internal sealed class ComposeFileTests
{
    private static readonly string[] reachable = ["portal", "desk", "systems"];
    private static readonly Dictionary<string, object> file = Read();
    private static readonly string[] names = [.. Map(file["services"]).Keys];

    [TestCaseSource(nameof(names))]
    public void Service_Always_RunsWithoutRightsItDoesNotNeed(string name)
    {
        var service = Service(name);

        Assert.Multiple(() =>
        {
            Assert.That(service["user"], Does.Match("^[1-9][0-9]*:[1-9][0-9]*$"));
            Assert.That(service["read_only"], Is.EqualTo("true"));
            Assert.That(List(service["cap_drop"]), Is.EqualTo(new[] { "ALL" }));
            Assert.That(List(service["security_opt"]), Does.Contain("no-new-privileges:true"));
            Assert.That(service, Does.Not.ContainKey("privileged").And.Not.ContainKey("network_mode").And.Not.ContainKey("cap_add"));
            Assert.That(List(service["tmpfs"]), Does.Contain("/tmp"));
        });
    }

    [TestCaseSource(nameof(names))]
    public void Service_Always_IsWatched(string name)
    {
        var service = Service(name);
        if (service.GetValueOrDefault("restart") as string == "no")
            Assert.That(service["restart"], Is.EqualTo("no"), "runs once and ends");
        else
            Assert.That(List(Map(service["healthcheck"])["test"]), Is.Not.Empty);
    }

    [Test]
    public void Ports_OfAllServices_ArePublishedForPortalDeskAndSystemsOnly()
    {
        Assert.That(names.Where(name => Service(name).ContainsKey("ports")), Is.EquivalentTo(reachable));
        Assert.That(names.Where(name => Service(name).ContainsKey("expose")), Is.Empty);
    }

    [TestCaseSource(nameof(names))]
    public void Networks_OfWhatIsNotReachable_AreInternal(string name)
    {
        var networks = List(Service(name)["networks"]);
        var inside = Map(file["networks"]).Where(network => network.Value is Dictionary<object, object> { Count: > 0 }).Select(network => network.Key);

        Assert.That(reachable.Contains(name) ? networks.Except(["outside"]) : networks, Is.SubsetOf(inside));
    }

    [TestCaseSource(nameof(names))]
    public void Secrets_OfAllServices_ComeFromFiles(string name)
    {
        var service = Service(name);
        var secrets = service.TryGetValue("secrets", out var given) ? List(given) : [];

        Assert.That(secrets, Is.SubsetOf(Map(file["secrets"]).Keys));
        foreach (var (setting, value) in service.TryGetValue("environment", out var environment) ? Map(environment) : [])
        {
            if (setting.EndsWith("File", StringComparison.Ordinal) || setting.EndsWith("_FILE", StringComparison.Ordinal))
                Assert.That(secrets, Does.Contain(value.ToString()!.Replace("/run/secrets/", "", StringComparison.Ordinal)), setting);
            else
                Assert.That(setting, Does.Not.Match("(?i)password|token|key|ConnectionStrings|Dsr__Bus"));
            Assert.That(value.ToString(), Does.Not.Match("(?i)password="));
        }
    }

    [Test]
    public void Secrets_AllOfThem_AreMadeByTheScriptAndKeptOutOfTheRepository()
    {
        var script = File.ReadAllText(Path.Combine(Root, "deploy", "secrets.sh"));

        foreach (var (name, secret) in Map(file["secrets"]))
        {
            Assert.That(Map(secret)["file"], Is.EqualTo($"./deploy/secrets/{name}"));
            Assert.That(script, Does.Contain($"keep {name}"));
        }
        Assert.That(File.ReadAllLines(Path.Combine(Root, ".gitignore")), Does.Contain("deploy/secrets/"));
    }

    [Test]
    public void BrokerAccounts_OfTheScript_AreThoseOfTheSystemsOnTheBus()
    {
        var script = File.ReadAllText(Path.Combine(Root, "deploy", "secrets.sh"));
        var accounts = Regex.Matches(script, @"(?m)^ +([a-z-]+)\.(?:\{([a-z,-]+)\}|([a-z-]+))(?: \\|; do)$")
            .SelectMany(match => (match.Groups[2].Value + match.Groups[3].Value).Split(','), (match, system) => $"{match.Groups[1].Value}.{system}");

        Assert.That(accounts, Is.EquivalentTo(DemoCompanies.Stores(new(), null!, TimeProvider.System)
            .Where(store => store.Binding is Binding.Bus).Select(store => $"{store.Controller}.{store.Key}")));
    }

    [Test]
    public void Databases_OfTheWorker_AreThoseBehindAMapping()
    {
        var databases = Map(Service("worker")["environment"]).Keys.Where(setting => setting.StartsWith("Dsr__Databases__", StringComparison.Ordinal))
            .Select(setting => setting["Dsr__Databases__".Length..^"File".Length].Replace("__", "/", StringComparison.Ordinal));

        Assert.That(databases, Is.EquivalentTo(DemoCompanies.Stores(new(), null!, TimeProvider.System)
            .Where(store => store.Binding is Binding.Sql).Select(store => $"{store.Controller}/{store.Key}")));
    }

    [Test]
    public void Roles_OfTheService_EachHaveAProcessOfTheSameImage()
    {
        var roles = names.Where(name => Map(Service(name).GetValueOrDefault("environment") ?? new Dictionary<object, object>()).ContainsKey("Dsr__Roles__0")).ToList();

        Assert.That(roles, Is.EquivalentTo(new[] { "portal", "desk", "systems", "worker" }));
        foreach (var role in roles)
        {
            Assert.That(Map(Service(role)["environment"])["Dsr__Roles__0"], Is.EqualTo(role));
            Assert.That(Service(role)["image"], Is.EqualTo("dsr-service"));
            Assert.That(Map(Map(Service(role)["depends_on"])["migrate"])["condition"], Is.EqualTo("service_completed_successfully"));
        }
    }

    private static Dictionary<string, object> Service(string name) => Map(Map(file["services"])[name]);

    private static Dictionary<string, object> Read()
    {
        using var text = File.OpenText(Path.Combine(Root, "docker-compose.yml"));
        var parser = new MergingParser(new Parser(text));
        parser.TryConsume<StreamStart>(out _);
        return Map(new DeserializerBuilder().Build().Deserialize(parser)!);
    }

    private static Dictionary<string, object> Map(object value) =>
        ((Dictionary<object, object>)value).ToDictionary(pair => (string)pair.Key, pair => pair.Value);

    private static List<string> List(object value) => [.. ((List<object>)value).Cast<string>()];

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "docker-compose.yml")))
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside their repository.");
            return folder;
        }
    }
}
