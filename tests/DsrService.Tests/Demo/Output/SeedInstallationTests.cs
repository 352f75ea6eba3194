using DsrService.Connectors;
using DsrService.Data;
using DsrService.Demo;
using DsrService.Demo.Output;
using DsrService.Staff;
using DsrService.Testing;
using DsrService.Tests.DataMap;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Demo.Output;

/// <summary>Started again, the demo finds what it had and leaves alone what is somebody's own.</summary>
internal sealed class SeedInstallationTests
{
    private static readonly Uri Root = new("http://127.0.0.1:8080");
    private TestService service = null!;
    private DemoOptions options = null!;
    private string maps = null!;

    [SetUp]
    public async Task StartAsync()
    {
        maps = Reaper.Folder("maps");
        await File.WriteAllTextAsync(Path.Combine(maps, "toontrack.yaml"), TestMaps.ToontrackText);
        service = await TestService.StartAsync(settings: ("Dsr:DataMaps", maps));
        options = new DemoOptions { Output = Path.Combine(Reaper.Folder("demo"), "demo.json") };
    }

    [TearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Handle_SecondStart_KeepsEveryCredential()
    {
        var first = await SeedAsync();

        var second = await SeedAsync();

        Assert.That(second.SystemCredentials, Is.EquivalentTo(first.SystemCredentials).And.Not.Empty);
        Assert.That(second.StaffTokens, Is.EquivalentTo(first.StaffTokens));
    }

    [Test]
    public async Task Handle_AnotherPort_GivesThePushedOnesTheirNewAddress()
    {
        await SeedAsync();

        await SeedAsync(new Uri("http://127.0.0.1:9090"));

        Assert.That(await AddressAsync("customer-survey"), Does.StartWith("http://127.0.0.1:9090/"));
    }

    [Test]
    public async Task Handle_SystemThatSomebodyTookOver_IsLeftAlone()
    {
        await SeedAsync();
        var own = await AddAsync("toontrack", "customer-survey", "http://127.0.0.1:7777/mine", replace: true);

        await SeedAsync();
        await SeedAsync(new Uri("http://127.0.0.1:9090"));

        Assert.That(await AddressAsync("customer-survey"), Is.EqualTo("http://127.0.0.1:7777/mine"));
        var hash = await service.InDatabaseAsync(db => db.Set<ConnectedSystem>().Where(row => row.System == "customer-survey").Select(row => row.TokenHash).SingleAsync());
        Assert.That(Secrets.Matches(hash, own.Value!.Token), Is.True);
    }

    [Test]
    public async Task Handle_CompanyOfSomebodysOwn_IsLeftToThem()
    {
        var before = await SeedAsync();
        await File.WriteAllTextAsync(Path.Combine(maps, "acme.yaml"), TestMaps.Small);

        var after = await SeedAsync();

        Assert.That(after.StaffTokens, Is.EquivalentTo(before.StaffTokens));
        Assert.That(await service.InDatabaseAsync(db => db.Set<StaffGrant>().AnyAsync(grant => grant.Controller == "acme")), Is.False);
        Assert.That((await AddAsync("acme", "shop", null, replace: false)).Failure, Is.Null);
    }

    [Test]
    public async Task AddSystem_NoKeyBesideSealedData_IsRefused()
    {
        await SeedAsync();
        var keys = Reaper.Folder("keys");
        await using var elsewhere = await TestService.StartAsync(settings: [("Dsr:DataMaps", maps), ("Dsr:Keys", keys), ("ConnectionStrings:Dsr", service.ConnectionString)]);
        foreach (var key in Directory.GetFiles(keys))
            File.Delete(key);

        var added = await elsewhere.InScopeAsync(services => services.GetRequiredService<AddSystem>().HandleAsync(new("toontrack", "webshop", Replace: true), CancellationToken.None));

        Assert.That(added.Failure?.Code, Is.EqualTo("keys.elsewhere"));
    }

    private Task<DemoFile> SeedAsync(Uri? root = null) => SeedInstallation.Handle(service.Services, options, root ?? Root, CancellationToken.None);

    private Task<Result<AddSystem.Output>> AddAsync(string controller, string system, string? address, bool replace) => service.InScopeAsync(services =>
        services.GetRequiredService<AddSystem>().HandleAsync(new(controller, system, address, replace), CancellationToken.None));

    private Task<string?> AddressAsync(string system) => service.InDatabaseAsync(db => db.Set<ConnectedSystem>().Where(row => row.System == system).Select(row => row.Address).SingleAsync());
}
