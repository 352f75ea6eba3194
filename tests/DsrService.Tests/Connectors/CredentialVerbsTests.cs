using DsrService.Connectors;
using DsrService.Connectors.OpenDsr.Inbound;
using DsrService.Data;
using DsrService.Testing;
using DsrService.Tests.DataMap;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Connectors;

/// <summary>The verbs that give credentials, as a person types them: the program itself, on the service's database and settings.</summary>
internal sealed class CredentialVerbsTests
{
    private TestService service = null!;
    private string maps = null!;
    private string keys = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        maps = Reaper.Folder("maps");
        keys = Reaper.Folder("keys");
        await File.WriteAllTextAsync(Path.Combine(maps, "acme.yaml"), TestMaps.Small + """

            callers:
              - { key: platform, name: Consent Platform, domain: platform.example, identities: [ { type: email, kind: email } ] }
            """);
        service = await TestService.StartAsync(settings: [("Dsr:DataMaps", maps), ("Dsr:Keys", keys)]);
    }

    [OneTimeTearDown]
    public Task StopAsync() => service.DisposeAsync().AsTask();

    [Test]
    public async Task System_AddThenReplaceThenRotate_EachPrintsWhatThenCounts()
    {
        var (code, first) = await RunAsync("system", "add", "acme/shop");
        Assert.That(first.Keys, Is.EquivalentTo(new[] { "token", "webhook-secret", "sealing-key" }));
        Assert.That(code, Is.Zero);
        Assert.That(await MatchesAsync(first["token"]), Is.True);

        Assert.That((await RunAsync("system", "add", "acme/shop")).Said, Does.ContainKey("system.exists:"));
        var (_, second) = await RunAsync("system", "add", "acme/shop", "--replace");
        Assert.That((await MatchesAsync(first["token"]), await MatchesAsync(second["token"])), Is.EqualTo((false, true)));

        var (rotated, third) = await RunAsync("system", "rotate", "acme/shop", "--overlap-hours", "0");
        Assert.That((rotated, third.ContainsKey("former-ended")), Is.EqualTo((0, true)));
        Assert.That(third["webhook-secret"], Does.StartWith("whsec_").And.Not.EqualTo(second["webhook-secret"]));
    }

    [Test]
    public async Task Caller_Add_PrintsATokenOnce()
    {
        var (code, said) = await RunAsync("caller", "add", "acme/platform");

        var hash = await service.InDatabaseAsync(db => db.Set<CallerCredential>().Where(row => row.Caller == "platform").Select(row => row.TokenHash).SingleAsync());
        Assert.That((code, Secrets.Matches(hash, said["token"])), Is.EqualTo((0, true)));
        Assert.That((await RunAsync("caller", "add", "acme/platform")).Code, Is.EqualTo(1));
    }

    [TestCase("system", "add", "acme/nothing")]
    [TestCase("caller", "add", "acme/nobody")]
    [TestCase("system", "add", "acme")]
    [TestCase("caller", "add", "acme")]
    [TestCase("system", "rotate", "acme/stock")]
    public async Task Verbs_NothingOfThatName_SaysSoAndEndsWithOne(params string[] arguments)
    {
        var (code, said) = await RunAsync(arguments);

        Assert.That((code, said.Count), Is.EqualTo((1, 1)), string.Join(' ', said));
    }

    [Test]
    public async Task Verbs_NoDatabase_OneLineSaysWhatIsMissing()
    {
        await using var process = TestProcess.Start("dotnet", [Program, "system", "add", "acme/shop"], new Dictionary<string, string?> { ["ConnectionStrings__Dsr"] = null, ["DSR_DATABASE"] = null }, maps);
        await process.WaitForExitAsync(TimeSpan.FromMinutes(1));

        Assert.That((process.ExitCode, process.Lines.Count, process.Output.Contains("DSR_DATABASE", StringComparison.Ordinal)), Is.EqualTo((2, 1, true)), process.Output);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "DsrService.dll");

    private Task<bool> MatchesAsync(string token) => service.InDatabaseAsync(async db =>
        Secrets.Matches(await db.Set<ConnectedSystem>().Where(row => row.System == "shop").Select(row => row.TokenHash).SingleAsync(), token));

    // What it said, by the first word of each line.
    private async Task<(int Code, Dictionary<string, string> Said)> RunAsync(params string[] arguments)
    {
        await using var process = TestProcess.Start("dotnet", [Program, .. arguments], new Dictionary<string, string?>
        {
            ["ConnectionStrings__Dsr"] = service.ConnectionString,
            ["Dsr__DataMaps"] = maps,
            ["Dsr__Keys"] = keys,
            ["Logging__LogLevel__Default"] = "None",
        }, maps);
        await process.WaitForExitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, process.Lines.Where(line => line.Length > 0).Select(line => line.Split(' ', 2)).ToDictionary(words => words[0], words => words.Length > 1 ? words[1] : ""));
    }
}
