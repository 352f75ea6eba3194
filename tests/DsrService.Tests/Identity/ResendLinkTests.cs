using System.Net;
using DsrService.Notices;
using DsrService.Tests.Requests;

namespace DsrService.Tests.Identity;

internal sealed class ResendLinkTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Post_KnownOrUnknownReference_AnswersTheSameNothing()
    {
        var (reference, _) = await service.SubmitAsync(Bodies.Erasure());

        var known = await ResendAsync(reference);
        var unknown = await ResendAsync("DSR-2026-ZZZZZZZZ");

        Assert.Multiple(async () =>
        {
            Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(await known.Content.ReadAsStringAsync(), Is.Empty);
            Assert.That(await unknown.Content.ReadAsStringAsync(), Is.Empty);
            Assert.That(known.Headers.Select(header => header.Key), Is.EquivalentTo(unknown.Headers.Select(header => header.Key)));
        });
    }

    [Test]
    public async Task Post_BothLinks_Work()
    {
        var (reference, first) = await service.SubmitAsync(Bodies.Erasure());
        await ResendAsync(reference);
        var notice = (await service.NoticesAsync(reference))[^1];

        foreach (var token in new[] { Links.TokenIn(notice.Content.Text), first })
            Assert.That((await TestService.PostAsync(service.Client, $"/api/v1/requests/{reference}/identity", new { token })).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(notice.Kind, Is.EqualTo(NoticeKind.IdentityLink));
    }

    [Test]
    public async Task Post_AgainAndAgain_DoesNotFillTheMailbox()
    {
        var (reference, _) = await service.SubmitAsync(Bodies.Erasure());

        for (var i = 0; i < 10; i++)
            Assert.That((await ResendAsync(reference)).StatusCode, Is.EqualTo(HttpStatusCode.Accepted));

        Assert.That(await service.NoticesAsync(reference), Has.Count.EqualTo(6));
    }

    private Task<HttpResponseMessage> ResendAsync(string reference) => service.Client.PostAsync($"/api/v1/requests/{reference}/identity/resend", null);
}
