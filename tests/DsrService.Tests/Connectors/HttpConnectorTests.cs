using System.Text.Json;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;
using DsrService.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DsrService.Tests.Connectors;

internal sealed class HttpConnectorTests
{
    private WebApplication peer = null!;
    private HttpConnector connector = null!;
    private int redirected;

    [OneTimeSetUp]
    public async Task StartPeerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        peer = builder.Build();
        peer.MapPost("/redirect", () => Results.Redirect("/elsewhere", preserveMethod: true));
        peer.MapPost("/elsewhere", () => Interlocked.Increment(ref redirected));
        peer.MapPost("/busy", (HttpContext http) =>
        {
            http.Response.Headers.RetryAfter = "120";
            return Results.StatusCode(503);
        });
        peer.MapPost("/accepts", () => Results.StatusCode(202));
        peer.MapPost("/babble", () => Results.Text("<html>", "text/html"));
        peer.MapPost("/other-task", () => Results.Json(
            new ReceiptDraft().Complete(Outgoing.Task(Binding.Http).Task, DateTimeOffset.UnixEpoch, "survey 1.0"), DsrJson.Options));
        peer.MapPost("/endless", async (HttpContext http) =>
        {
            var chunk = new byte[64 * 1024];
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
        });
        await peer.StartAsync();
        connector = new HttpConnector(PushAddressesTests.With("127.0.0.1"), Breakers(new FakeClock()));
    }

    [OneTimeTearDown]
    public async Task StopPeerAsync()
    {
        connector.Dispose();
        await peer.DisposeAsync();
    }

    [Test]
    public async Task SendAsync_PeerAnswersWithAReceipt_SignedTaskAndTheReceiptBack()
    {
        var outgoing = Outgoing.Task(Binding.Http, null);
        var receipt = new ReceiptDraft().Erased("survey-answers", 2).Complete(outgoing.Task, outgoing.Task.IssuedAt, "survey 1.0");
        byte[] body = [];
        WebhookHeaders? headers = null;
        await using var survey = await StartAsync(async http =>
        {
            using var buffer = new MemoryStream();
            await http.Request.Body.CopyToAsync(buffer);
            body = buffer.ToArray();
            headers = new(http.Request.Headers[StandardWebhooks.IdHeader]!, http.Request.Headers[StandardWebhooks.TimestampHeader]!,
                http.Request.Headers[StandardWebhooks.SignatureHeader]!);
            await http.Response.WriteAsJsonAsync(receipt, DsrJson.Options);
        });

        var result = await connector.SendAsync(outgoing with { Address = survey.Urls.Single() + "/dsr" }, CancellationToken.None);

        Assert.That(((SendResult.Answered)result).Receipt.Items.Single().Erased, Is.EqualTo(2));
        Assert.That(StandardWebhooks.Verify(headers!, TimeProvider.System.GetUtcNow(), body, outgoing.WebhookSecret));
        Assert.That(headers!.Id, Is.EqualTo($"task_{outgoing.Task.TaskId:N}"));
        Assert.That(JsonSerializer.Deserialize<SystemTask>(body, DsrJson.Options)!.Identifiers!.Single().Value.Reveal(), Is.EqualTo("ada.lind@example.org"));
    }

    [TestCase("/accepts", "accepted")]
    [TestCase("/busy", "connector.http_503 after 120 s")]
    [TestCase("/redirect", "connector.http_307")]
    [TestCase("/nowhere", "connector.http_404")]
    [TestCase("/babble", "connector.answer_unreadable")]
    [TestCase("/other-task", "connector.answer_unreadable")]
    [TestCase("/endless", "connector.answer_too_large")]
    public async Task SendAsync_OtherAnswers_SaidByTheirCode(string path, string said) =>
        Assert.That(Said(await connector.SendAsync(Outgoing.Task(Binding.Http, peer.Urls.Single() + path), CancellationToken.None)), Is.EqualTo(said));

    [Test, Order(100)]
    public void SendAsync_Redirect_WasNotFollowed() => Assert.That(redirected, Is.Zero);

    [Test]
    public async Task SendAsync_LoopbackNotAllowed_RefusedByAddressAndByName([Values("127.0.0.1", "localhost", "[::1]", "0.0.0.0")] string host)
    {
        using var guarded = new HttpConnector(PushAddressesTests.With(), Breakers(new FakeClock()));
        var port = new Uri(peer.Urls.Single()).Port;

        var result = await guarded.SendAsync(Outgoing.Task(Binding.Http, $"http://{host}:{port}/accepts"), CancellationToken.None);

        Assert.That(Said(result), Is.EqualTo("connector.address_refused"));
    }

    [Test]
    public async Task SendAsync_PublicAddressWithoutTls_Refused() => Assert.That(
        Said(await connector.SendAsync(Outgoing.Task(Binding.Http, "http://1.1.1.1/dsr"), CancellationToken.None)), Is.EqualTo("connector.address_refused"));

    [TestCase("http://127.0.0.1:1/dsr", "connector.unreachable")]
    [TestCase("http://no-such-host.invalid/dsr", "connector.unreachable")]
    [TestCase("file:///etc/passwd", "connector.no_address")]
    [TestCase(null, "connector.no_address")]
    public async Task SendAsync_NobodyThere_SaidByItsCode(string? address, string said) =>
        Assert.That(Said(await connector.SendAsync(Outgoing.Task(Binding.Http, address), CancellationToken.None)), Is.EqualTo(said));

    [Test]
    public async Task SendAsync_SystemFailsAgainAndAgain_LeftAloneAndThenTriedOnce()
    {
        var clock = new FakeClock();
        var (calls, ill) = (0, true);
        await using var survey = await StartAsync(http =>
        {
            Interlocked.Increment(ref calls);
            http.Response.StatusCode = ill ? 503 : 202;
            return Task.CompletedTask;
        });
        List<DateTimeOffset?> told = [];
        using var guarded = new HttpConnector(PushAddressesTests.With("127.0.0.1"), new PushBreakers(clock, (_, _, until, _) =>
        {
            told.Add(until);
            return Task.CompletedTask;
        }));
        var outgoing = Outgoing.Task(Binding.Http, survey.Urls.Single() + "/dsr");
        var other = outgoing with { Address = peer.Urls.Single() + "/accepts", Task = outgoing.Task with { System = "another" } };

        for (var attempt = 0; attempt < PushBreakers.Attempts; attempt++)
            Assert.That(Said(await guarded.SendAsync(outgoing, default)), Is.EqualTo("connector.http_503"));
        var open = await guarded.SendAsync(outgoing, default);

        Assert.That(open, Is.EqualTo(new SendResult.Postponed("connector.circuit_open", PushBreakers.FirstBreak)));
        Assert.That(calls, Is.EqualTo(PushBreakers.Attempts), "it was left alone");
        Assert.That(told, Is.EqualTo(new DateTimeOffset?[] { clock.GetUtcNow() + PushBreakers.FirstBreak }));
        Assert.That(Said(await guarded.SendAsync(other, default)), Is.EqualTo("accepted"), "others are not touched");
        clock.Advance(PushBreakers.FirstBreak);
        Assert.That(Said(await guarded.SendAsync(outgoing, default)), Is.EqualTo("connector.http_503"), "one attempt tells");
        Assert.That(await guarded.SendAsync(outgoing, default), Is.EqualTo(new SendResult.Postponed("connector.circuit_open", PushBreakers.FirstBreak * 2)));
        ill = false;
        clock.Advance(PushBreakers.FirstBreak * 2);
        Assert.That(Said(await guarded.SendAsync(outgoing, default)), Is.EqualTo("accepted"));
        Assert.That(Said(await guarded.SendAsync(outgoing, default)), Is.EqualTo("accepted"));
        Assert.That(told[^1], Is.Null);
    }

    [Test]
    public async Task SendAsync_SaysNoToOneTask_SaysNothingOfTheNext()
    {
        using var guarded = new HttpConnector(PushAddressesTests.With("127.0.0.1"), Breakers(new FakeClock()));
        for (var attempt = 0; attempt < 3 * PushBreakers.Attempts; attempt++)
            Assert.That(Said(await guarded.SendAsync(Outgoing.Task(Binding.Http, peer.Urls.Single() + "/nowhere"), default)), Is.EqualTo("connector.http_404"));
    }

    internal static PushBreakers Breakers(TimeProvider time) => new(time, (_, _, _, _) => Task.CompletedTask);

    private static string Said(SendResult result) => result switch
    {
        SendResult.Accepted => "accepted",
        SendResult.Failed { RetryAfter: { } after } failed => $"{failed.Code} after {after.TotalSeconds} s",
        SendResult.Failed failed => failed.Code,
        _ => result.GetType().Name,
    };

    private static async Task<WebApplication> StartAsync(RequestDelegate handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/dsr", handle);
        await app.StartAsync();
        return app;
    }
}
