using System.Security.Cryptography.X509Certificates;
using DsrService.Connectors;
using DsrService.Connectors.OpenDsr;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DsrService.Tests.Connectors.OpenDsr;

internal sealed class PeerDiscoveriesTests
{
    private static readonly byte[] Body = "{}"u8.ToArray();
    private static readonly X509Certificate2 Authority = TestCertificates.Authority();
    private static readonly X509Certificate2 First = TestCertificates.IssuedBy(Authority);
    private static readonly X509Certificate2 Next = TestCertificates.IssuedBy(Authority);

    private WebApplication app = null!;
    private OpenDsrHttp http = null!;
    private PeerDiscoveries discoveries = null!;
    private X509Certificate2 published = First;
    private int reads;
    private int status;

    [SetUp]
    public async Task StartAsync()
    {
        (published, reads, status) = (First, 0, 200);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet("/v2/discovery", (HttpContext context) =>
        {
            Interlocked.Increment(ref reads);
            context.Response.StatusCode = status;
            return context.Response.WriteAsync($$"""{"processor_certificate":"{{app.Urls.Single()}}/certificate.pem"}""");
        });
        app.MapGet("/certificate.pem", () => published.ExportCertificatePem());
        await app.StartAsync();
        var roots = Path.Combine(Reaper.Folder("roots"), "roots.pem");
        await File.WriteAllTextAsync(roots, Authority.ExportCertificatePem());
        var options = Options.Create(new DsrOptions { PrivateSystems = ["127.0.0.1"], OpenDsr = new() { Roots = roots } });
        http = new(new PushAddresses(options));
        discoveries = new(http, options);
    }

    [TearDown]
    public async Task StopAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Test]
    public async Task CheckAsync_PublishedAndVouchedFor_Believed() => Assert.That(await CheckAsync(First), Is.Null);

    [Test]
    public async Task CheckAsync_CertificateReplaced_ReadAnew()
    {
        await discoveries.OfAsync(Peer, default);
        published = Next;

        Assert.That(await CheckAsync(Next), Is.Null);
        Assert.That(reads, Is.EqualTo(2));
    }

    [Test]
    public async Task CheckAsync_ManyForgedSignatures_ReadAnewOnce()
    {
        await discoveries.OfAsync(Peer, default);
        var said = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CheckAsync(Next)));

        Assert.That(said, Is.All.EqualTo("opendsr.signature_invalid"));
        Assert.That(reads, Is.EqualTo(2));
        Assert.That(await CheckAsync(First), Is.Null, "the peer's own word still counts");
    }

    [Test]
    public async Task CheckAsync_DiscoveryDown_NotAskedByEveryCall()
    {
        status = 503;
        var said = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CheckAsync(First)));

        Assert.That(said, Is.All.EqualTo("opendsr.discovery_unreadable"));
        Assert.That(reads, Is.EqualTo(1));
    }

    [Test]
    public async Task CheckAsync_ForeignDomain_NothingIsRead()
    {
        var problem = await discoveries.CheckAsync(Peer, Body, new("opendsr.attacker.example", OpenDsrSignature.Sign(Body, First)), default);

        Assert.That((problem?.Code, reads), Is.EqualTo(("opendsr.domain_not_allowed", 0)));
    }

    private OpenDsrPeer Peer => new("toontrack", "newsletter",
        new() { Dialect = OpenDsrDialect.Standard, Domain = TestCertificates.Domain, Identities = new Dictionary<string, string>() }, new($"{app.Urls.Single()}/v2"), null, []);

    private async Task<string?> CheckAsync(X509Certificate2 signer) =>
        (await discoveries.CheckAsync(Peer, Body, new(TestCertificates.Domain, OpenDsrSignature.Sign(Body, signer)), default))?.Code;
}
