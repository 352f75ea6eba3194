using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using DsrService.Connectors.OpenDsr;
using DsrService.Fulfilment;

namespace DsrService.Tests.Connectors.OpenDsr;

internal sealed class ReceiveCallbackTests
{
    private PeerBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        bench = await PeerBench.StartAsync();
        await bench.AccessAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [TestCase(OpenDsrHeaders.DomainName, OpenDsrHeaders.SignatureName)]
    [TestCase(OpenDsrHeaders.FormerDomainName, OpenDsrHeaders.FormerSignatureName)]
    public async Task HandleAsync_SignedByThePeer_TakenAndAskedAtOnce(string domain, string signature)
    {
        var before = (await bench.TaskAsync("access")).NextAttemptAt;
        var body = Body("completed");

        Assert.That(await PostAsync(body, (domain, TestPeer.Domain), (signature, OpenDsrSignature.Sign(body, TestPeer.Certificate))), Is.EqualTo("202"));

        var task = await bench.TaskAsync("access");
        Assert.That(task.NextAttemptAt, Is.EqualTo(bench.Bench.Service.Clock.GetUtcNow()).And.LessThanOrEqualTo(before!.Value));
        Assert.That((task.State, task.Outcome), Is.EqualTo((TaskState.Accepted, (Sdk.Contracts.ReceiptOutcome?)null)), "its word alone ends nothing");
    }

    [Test]
    public async Task HandleAsync_HeadersMissing_Refused()
    {
        var body = Body("completed");

        Assert.That(await PostAsync(body), Is.EqualTo("400 opendsr.header_missing"));
        Assert.That(await PostAsync(body, (OpenDsrHeaders.DomainName, TestPeer.Domain)), Is.EqualTo("400 opendsr.header_missing"));
        Assert.That(await PostAsync(body, (OpenDsrHeaders.SignatureName, OpenDsrSignature.Sign(body, TestPeer.Certificate))), Is.EqualTo("400 opendsr.header_missing"));
    }

    [Test]
    public async Task HandleAsync_BodyAltered_Refused()
    {
        var signature = OpenDsrSignature.Sign(Body("pending"), TestPeer.Certificate);

        Assert.That(await PostAsync(Body("completed"), (OpenDsrHeaders.DomainName, TestPeer.Domain), (OpenDsrHeaders.SignatureName, signature)), Is.EqualTo("400 opendsr.signature_invalid"));
    }

    [Test]
    public async Task HandleAsync_OtherDomainKeyOrSystem_Refused()
    {
        var body = Body("completed");
        using var other = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256), TestPeer.Domain);
        var own = OpenDsrSignature.Sign(body, TestPeer.Certificate);

        Assert.That(await PostAsync(body, (OpenDsrHeaders.DomainName, "opendsr.elsewhere.example"), (OpenDsrHeaders.SignatureName, own)), Is.EqualTo("401 opendsr.domain_not_allowed"));
        Assert.That(await PostAsync(body, (OpenDsrHeaders.DomainName, TestPeer.Domain), (OpenDsrHeaders.SignatureName, OpenDsrSignature.Sign(body, other))), Is.EqualTo("400 opendsr.signature_invalid"));
        foreach (var system in new[] { "webshop", "no-such-system", "remarketing-partner" })
            Assert.That(await PostToAsync($"toontrack/{system}", body, (OpenDsrHeaders.DomainName, TestPeer.Domain), (OpenDsrHeaders.SignatureName, own)),
                Is.EqualTo("401 opendsr.domain_not_allowed"), system);
        Assert.That(await PostToAsync("nobody/newsletter", body, (OpenDsrHeaders.DomainName, TestPeer.Domain), (OpenDsrHeaders.SignatureName, own)), Is.EqualTo("401 opendsr.domain_not_allowed"));
    }

    [Test]
    public async Task HandleAsync_SignedForAnotherAddress_Refused()
    {
        var body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Body("completed")).Replace("/callbacks/toontrack/newsletter", "/callbacks/djmixersoft/newsletter", StringComparison.Ordinal));

        Assert.That(await SignedAsync(body), Is.EqualTo("400 opendsr.other_callback"));
    }

    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"subject_request_id":"x","request_status":"completed"}""")]
    [TestCase("""{"subject_request_id":"11111111-1111-4111-8111-111111111111","request_status":"finished"}""")]
    public async Task HandleAsync_SignedNonsense_Refused(string body) =>
        Assert.That(await SignedAsync(Encoding.UTF8.GetBytes(body)), Is.EqualTo("400 opendsr.callback_unreadable"));

    [Test]
    public async Task HandleAsync_IdOfNobody_ChangesNothing()
    {
        var body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Body("completed")).Replace(bench.Peer.LastId, "11111111-1111-4111-8111-111111111111", StringComparison.Ordinal));

        Assert.That(await SignedAsync(body), Is.EqualTo("202"));
    }

    private byte[] Body(string status)
    {
        var body = TestPeer.StatusOf(bench.Peer.LastId, status);
        body["status_callback_url"] = (string)bench.Peer.Posts.First().Body["status_callback_urls"]![0]!;
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private Task<string> SignedAsync(byte[] body) =>
        PostAsync(body, (OpenDsrHeaders.DomainName, TestPeer.Domain), (OpenDsrHeaders.SignatureName, OpenDsrSignature.Sign(body, TestPeer.Certificate)));

    private Task<string> PostAsync(byte[] body, params (string Name, string Value)[] headers) => PostToAsync("toontrack/newsletter", body, headers);

    private async Task<string> PostToAsync(string place, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/opendsr/callbacks/{place}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await ConnectedBench.SaidAsync(await bench.Bench.Service.Client.SendAsync(request));
    }
}
