using System.Text.Json.Nodes;
using DsrService.Connectors;
using DsrService.Connectors.OpenDsr;
using DsrService.DataMap;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.OpenDsr;

internal sealed class CheckPeersTests
{
    private PeerBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await PeerBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task ProblemAsync_DiscoveryInOrder_None() => Assert.That(await ProblemAsync(TestPeer.System), Is.Null);

    [Test]
    public async Task ProblemAsync_IdentityNotListed_Told()
    {
        bench.Peer.Discovery["supported_identities"] = new JsonArray(new JsonObject { ["identity_type"] = "android_id", ["identity_format"] = "raw" });

        Assert.That(await ProblemAsync(TestPeer.System), Is.EqualTo("opendsr.identity_not_listed"));
    }

    [Test]
    public async Task ProblemAsync_NobodySaidWhereItIs_Told() => Assert.That(await ProblemAsync("remarketing-partner"), Is.EqualTo("connector.no_address"));

    [TestCase("http://127.0.0.1:1/v2", "connector.unreachable")]
    [TestCase("http://10.0.0.1/v2", "connector.address_refused")]
    [TestCase("{0}/elsewhere", "opendsr.discovery_unreadable")]
    public async Task ProblemAsync_AddressWrong_Told(string address, string code)
    {
        await bench.Bench.Service.InScopeAsync(services => services.GetRequiredService<AddSystem>().HandleAsync(
            new(TestService.Controller, TestPeer.System, address.Replace("{0}", bench.Peer.Address, StringComparison.Ordinal), Replace: true), CancellationToken.None));

        Assert.That(await ProblemAsync(TestPeer.System), Is.EqualTo(code));
    }

    private Task<string?> ProblemAsync(string system) => bench.Bench.Service.InScopeAsync(async services =>
    {
        var map = (await services.GetRequiredService<DataMaps>().CurrentAsync(TestService.Controller, default))!.Map;
        return await CheckPeers.ProblemAsync(services, map, map.System(system), default);
    });
}
