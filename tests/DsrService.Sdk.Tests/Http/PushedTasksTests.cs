using System.Net;
using System.Text;
using System.Text.Json;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;

namespace DsrService.Sdk.Tests.Http;

internal sealed class PushedTasksTests
{
    private static readonly TaskHandler Erases = (_, _) =>
        Task.FromResult(new ReceiptDraft().Erased("contact", 2).Gives("customer-number", "C-1001"));

    private static readonly SocketsHttpHandler Handler = new();
    private static readonly HttpMessageInvoker Client = new(Handler);

    [OneTimeTearDown]
    public void Close() => Client.Dispose();

    [Test]
    public async Task Post_QuickWork_ReceiptInTheAnswer()
    {
        await using var service = await FakeService.StartAsync(Erases);

        using var response = await PushAsync(service, service.Task());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var receipt = JsonSerializer.Deserialize<Receipt>(await response.Content.ReadAsStringAsync(), DsrJson.Options)!;
        Assert.That(receipt.Items.Single().Erased, Is.EqualTo(2));
        Assert.That(receipt.Identifiers!.Single().Value.Reveal(), Is.EqualTo("C-1001"));
        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public async Task Post_LongWork_AcceptedAndTheReceiptFollows()
    {
        TaskCompletionSource answered = new();
        await using var service = await FakeService.StartAsync(async (task, cancel) =>
        {
            await answered.Task;
            return await Erases(task, cancel);
        });

        using var response = await PushAsync(service, service.Task());
        answered.SetResult();
        var call = await service.CallAsync("/receipt");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(call.Authorization, Is.EqualTo("Bearer token-of-the-webshop"));
        Assert.That(JsonSerializer.Deserialize<Receipt>(call.Body, DsrJson.Options)!.Outcome, Is.EqualTo(ReceiptOutcome.Completed));
    }

    [Test]
    public async Task Post_HandlerFails_FailureOverTheLinks()
    {
        await using var service = await FakeService.StartAsync((_, _) =>
            throw new TaskFailedException("store.unavailable", null, TimeSpan.FromSeconds(90)));

        using var response = await PushAsync(service, service.Task());
        var call = await service.CallAsync("/failure");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(call.Body, Is.EqualTo("""{"code":"store.unavailable","retryAfterSeconds":90}"""));
    }

    [Test]
    public async Task Post_NotSignedForMe_401AndNoWork()
    {
        var runs = 0;
        await using var service = await FakeService.StartAsync((task, cancel) =>
        {
            runs++;
            return Erases(task, cancel);
        });
        var now = TimeProvider.System.GetUtcNow();
        var secret = StubSystem.Connection.WebhookSecrets[0];

        using var foreign = await PushAsync(service, service.Task(), (id, body) => StandardWebhooks.Sign(id, now, body, StandardWebhooks.NewSecret()));
        using var old = await PushAsync(service, service.Task(), (id, body) => StandardWebhooks.Sign(id, now.AddMinutes(-6), body, secret));
        using var other = await PushAsync(service, service.Task(), (id, body) => StandardWebhooks.Sign(id, now, Encoding.UTF8.GetBytes("{}"), secret));
        using var none = await PushAsync(service, service.Task(), (id, body) => new("", "", ""));

        Assert.That(new[] { foreign, old, other, none }.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(runs, Is.Zero);
    }

    [Test]
    public async Task Post_OddTasks_RefusedWithACode()
    {
        await using var service = await FakeService.StartAsync(Erases);

        using var forOther = await PushAsync(service, service.Task() with { System = "newsletter" });
        using var unknown = await PushAsync(service, service.Task(), path: "/dsr/tasks/toontrack/unknown");
        using var broken = await PushAsync(service, "{ \"action\": \"delete\" }");
        using var large = await PushAsync(service, new string('x', 1024 * 1024 + 1));

        Assert.That(
            new[] { await CodeAsync(forOther), await CodeAsync(unknown), await CodeAsync(broken), await CodeAsync(large) },
            Is.EqualTo(new[] { "400 task.unreadable", "404 system.unknown", "400 task.unreadable", "413 task.too_large" }));
    }

    private static async Task<string> CodeAsync(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return $"{(int)response.StatusCode} {problem.RootElement.GetProperty("code").GetString()}";
    }

    private static Task<HttpResponseMessage> PushAsync(
        FakeService service, SystemTask task, Func<string, byte[], WebhookHeaders>? sign = null, string path = "/dsr/tasks/toontrack/webshop") =>
        PushAsync(service, JsonSerializer.Serialize(task, DsrJson.Options), sign, path);

    private static async Task<HttpResponseMessage> PushAsync(
        FakeService service, string json, Func<string, byte[], WebhookHeaders>? sign = null, string path = "/dsr/tasks/toontrack/webshop")
    {
        var body = Encoding.UTF8.GetBytes(json);
        var headers = sign?.Invoke("msg_1", body)
            ?? StandardWebhooks.Sign("msg_1", TimeProvider.System.GetUtcNow(), body, StubSystem.Connection.WebhookSecrets);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(service.Address, path)) { Content = new ByteArrayContent(body) };
        request.Headers.Add(StandardWebhooks.IdHeader, headers.Id);
        request.Headers.Add(StandardWebhooks.TimestampHeader, headers.Timestamp);
        request.Headers.Add(StandardWebhooks.SignatureHeader, headers.Signature);
        return await Client.SendAsync(request, CancellationToken.None);
    }
}
