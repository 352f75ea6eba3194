using DsrService.Connectors;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Sdk.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DsrService.Tests.Connectors;

internal sealed class RotateWebhookSecretTests
{
    private const string System = "customer-survey";

    [Test]
    public async Task HandleAsync_Rotated_BothSignaturesUntilTheOverlapEnds()
    {
        await ConnectedBench.StartAsync();
        var before = (await ConnectedBench.AddAsync(System, replace: true)).Value!;
        var rotated = (await RotateAsync(new())).Value!;

        Assert.That(rotated.FormerUntil, Is.EqualTo(ConnectedBench.Service.Clock.GetUtcNow().AddHours(24)));
        Assert.That(await SignedWithAsync(ConnectedBench.Service.Clock.GetUtcNow(), before.WebhookSecret, rotated.WebhookSecret), Is.EqualTo((true, true)));
        Assert.That(await SignedWithAsync(rotated.FormerUntil!.Value, before.WebhookSecret, rotated.WebhookSecret), Is.EqualTo((false, true)));
        Assert.That((await SystemAsync()).TokenHash, Is.EqualTo(DsrService.Data.Secrets.Hash(before.Token)), "the token stays");
        Assert.That(await OpenAsync((ring, system) => ring.OpenSealingKey(system)), Is.EqualTo(before.SealingKey));
    }

    [Test]
    public async Task HandleAsync_AgainWithinTheOverlap_OnlyToEndBoth()
    {
        await ConnectedBench.StartAsync();
        var before = (await ConnectedBench.AddAsync(System, replace: true)).Value!;
        var first = (await RotateAsync(new())).Value!;

        Assert.That((await RotateAsync(new(1))).Failure?.Code, Is.EqualTo("system.rotation_underway"));
        var last = (await RotateAsync(new(0))).Value!;

        Assert.That(await SignedWithAsync(ConnectedBench.Service.Clock.GetUtcNow(), first.WebhookSecret, last.WebhookSecret), Is.EqualTo((false, true)));
        Assert.That(before.WebhookSecret, Is.Not.EqualTo(last.WebhookSecret));
    }

    [TestCase(-1, "request.invalid")]
    [TestCase(721, "request.invalid")]
    public async Task HandleAsync_OddOverlap_Refused(int hours, string code)
    {
        await ConnectedBench.StartAsync();

        Assert.That((await RotateAsync(new(hours))).Failure?.Code, Is.EqualTo(code));
        Assert.That((await RotateAsync(new(), "no-such-system")).Failure?.Code, Is.EqualTo("system.not_found"));
    }

    private static Task<Result<RotateWebhookSecret.Output>> RotateAsync(RotateWebhookSecret.Input input, string system = System) =>
        ConnectedBench.Service.InScopeAsync(services => services.GetRequiredService<RotateWebhookSecret>().HandleAsync(TestService.Controller, system, input, "service", default));

    private static Task<ConnectedSystem> SystemAsync() =>
        ConnectedBench.Service.InDatabaseAsync(db => db.Set<ConnectedSystem>().AsNoTracking().SingleAsync(row => row.Controller == TestService.Controller && row.System == System));

    private static async Task<T> OpenAsync<T>(Func<KeyRing, ConnectedSystem, T> open) => open(ConnectedBench.Service.Services.GetRequiredService<KeyRing>(), await SystemAsync());

    // As a receiver finds it that knows one of the two.
    private static async Task<(bool Former, bool Present)> SignedWithAsync(DateTimeOffset now, string former, string present)
    {
        byte[] body = [];
        WebhookHeaders? headers = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var survey = builder.Build();
        survey.MapPost("/dsr", async http =>
        {
            using var buffer = new MemoryStream();
            await http.Request.Body.CopyToAsync(buffer);
            body = buffer.ToArray();
            headers = new(http.Request.Headers[StandardWebhooks.IdHeader]!, http.Request.Headers[StandardWebhooks.TimestampHeader]!, http.Request.Headers[StandardWebhooks.SignatureHeader]!);
            http.Response.StatusCode = 202;
        });
        await survey.StartAsync();
        using var connector = new HttpConnector(PushAddressesTests.With("127.0.0.1"), HttpConnectorTests.Breakers(ConnectedBench.Service.Clock));
        await connector.SendAsync(Outgoing.Task(Binding.Http, survey.Urls.Single() + "/dsr") with
        {
            WebhookSecret = await OpenAsync((ring, system) => ring.OpenWebhookSecret(system)),
            FormerWebhookSecret = await OpenAsync((ring, system) => ring.OpenFormerWebhookSecret(system, now)),
        }, default);
        return (StandardWebhooks.Verify(headers!, TimeProvider.System.GetUtcNow(), body, former), StandardWebhooks.Verify(headers!, TimeProvider.System.GetUtcNow(), body, present));
    }
}
