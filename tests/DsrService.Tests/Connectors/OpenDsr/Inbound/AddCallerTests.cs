using System.Net;
using DsrService.Connectors.OpenDsr.Inbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.OpenDsr.Inbound;

internal sealed class AddCallerTests
{
    private InboundBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await InboundBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [TestCase("toontrack", "nobody", null, "opendsr.unknown_caller")]
    [TestCase("nobody", "consent-platform", null, "opendsr.unknown_caller")]
    [TestCase("toontrack", "consent-platform", null, "opendsr.caller_exists")]
    [TestCase("toontrack", "consent-platform", "https://gateway.example/path", "opendsr.invalid_origin")]
    [TestCase("toontrack", "consent-platform", "ftp://gateway.example", "opendsr.invalid_origin")]
    [TestCase("toontrack", "consent-platform", "gateway", "opendsr.invalid_origin")]
    public async Task HandleAsync_CannotBe_Refused(string controller, string caller, string? origin, string code)
    {
        var added = await bench.Service.InScopeAsync(services => services.GetRequiredService<AddCaller>().HandleAsync(new(controller, caller, origin), default));

        Assert.That(added.Failure?.Code, Is.EqualTo(code));
    }

    [Test]
    public async Task HandleAsync_Replace_TheOldTokenEndsAtOnce()
    {
        var old = bench.TokenOf(InboundBench.Platform, "djmixersoft");
        var fresh = await bench.AddAsync(new("djmixersoft", InboundBench.Platform, Replace: true));

        Assert.That((await bench.SendAsync(HttpMethod.Get, "/opendsr/v2/discovery", old)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await bench.SendAsync(HttpMethod.Get, "/opendsr/v2/discovery", fresh)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task HandleAsync_Token_IsKeptAsItsHash()
    {
        var token = bench.TokenOf(InboundBench.Form);
        var rows = await bench.Service.InDatabaseAsync(db => db.Set<CallerCredential>().AsNoTracking().ToListAsync());

        Assert.That(rows.Select(row => row.TokenHash), Has.Some.EqualTo(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token))));
    }
}
