using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DsrService.Connectors.OpenDsr;
using DsrService.Connectors.OpenDsr.Inbound;
using DsrService.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DsrService.Tests.Connectors.OpenDsr.Inbound;

internal sealed class SendCallbacksTests
{
    private readonly ConcurrentQueue<(string Path, byte[] Body, OpenDsrHeaders? Headers, bool Former)> told = new();
    private WebApplication platform = null!;
    private InboundBench bench = null!;
    private int answer = 202;

    private string Origin => platform.Urls.Single();

    [SetUp]
    public async Task StartAsync()
    {
        told.Clear();
        answer = 202;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        platform = builder.Build();
        platform.MapPost("/{**path}", async (string path, HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            told.Enqueue((path, body.ToArray(), OpenDsrHeaders.Read(name => http.Request.Headers[name]), http.Request.Headers.ContainsKey(OpenDsrHeaders.FormerSignatureName)));
            http.Response.Headers.Location = "/elsewhere";
            http.Response.StatusCode = answer;
        });
        await platform.StartAsync();
        bench = await InboundBench.StartAsync(Origin);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await bench.DisposeAsync();
        await platform.DisposeAsync();
    }

    [Test]
    public async Task RunOnceAsync_EachChange_ToldSignedAtEachAddress()
    {
        var id = await SubmitAsync("/first", "/second");
        Assert.That(await SendAsync(), Is.Zero, "the answer to the call has told of this");
        await bench.SetAsync(id, RequestStatus.InProgress);
        await SendAsync();
        await bench.SetAsync(id, RequestStatus.AwaitingDecision);
        await SendAsync();
        await bench.SetAsync(id, RequestStatus.PartlyFulfilled);
        await SendAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told.Select(one => (one.Path, Status(one.Body))), Is.EquivalentTo(new[] { ("first", "in_progress"), ("second", "in_progress"), ("first", "completed"), ("second", "completed") }));
            foreach (var (path, body, headers, former) in told)
            {
                Assert.That(headers!.Domain, Is.EqualTo(InboundBench.Domain));
                Assert.That(OpenDsrSignature.Verify(body, headers.Signature, InboundBench.Certificate), Is.True);
                Assert.That(former, Is.False);
                Assert.That((string?)JsonNode.Parse(body)!["status_callback_url"], Is.EqualTo($"{Origin}/{path}"));
                Assert.That((string?)JsonNode.Parse(body)!["subject_request_id"], Is.EqualTo(id));
                Assert.That(JsonNode.Parse(body)!.AsObject().ContainsKey("extensions"), Is.False, "what was found goes to nobody who did not show a token");
            }
        }
    }

    [Test]
    public async Task RunOnceAsync_AccessAnswered_SaysWhereTheResultsLieAndNothingOfThem()
    {
        var body = InboundBench.Body(InboundBench.NewId());
        body["status_callback_urls"] = new JsonArray($"{Origin}/callback");
        await bench.PostAsync(body);
        var id = (string)body["subject_request_id"]!;
        await bench.FulfilAsync(id, async (seeded, task) => task is { System: "newsletter", Action: DsrService.Sdk.Contracts.TaskAction.Access }
            ? await seeded.HandOverAsync(task, ("subscription", "newsletter-subscription", "application/x-ndjson", DsrService.Tests.Response.Seeded.Lines(new { email = "ada.lind@example.org" })))
            : DsrService.Tests.Response.ResponseScene.NothingFound(task));

        while (await SendAsync() > 0)
        {
        }

        var last = JsonNode.Parse(told.Last().Body)!;
        Assert.That((string?)last["request_status"], Is.EqualTo("completed"));
        Assert.That((string?)last["results_url"], Does.EndWith($"/opendsr/v2/results/{id}"));
        Assert.That(told.SkipLast(1).Select(one => JsonNode.Parse(one.Body)!["results_url"]), Is.All.Null);
        Assert.That((last["results_count"], last["extensions"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
    }

    [Test]
    public async Task RunOnceAsync_NotReached_TriedForDaysInOrderThenShown()
    {
        var id = await SubmitAsync("/callback");
        answer = 503;
        await bench.SetAsync(id, RequestStatus.InProgress);
        await SendAsync();
        await bench.SetAsync(id, RequestStatus.Fulfilled);
        Assert.That(await SendAsync(), Is.Zero, "the end waits for the beginning, which waits for its next attempt");
        bench.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAsync();
        Assert.That(told.Select(one => Status(one.Body)), Is.EqualTo(new[] { "in_progress", "in_progress" }));

        bench.Service.Clock.Advance(TimeSpan.FromDays(5));
        await SendAsync();
        answer = 200;
        await SendAsync();
        Assert.That(Status(told.Last().Body), Is.EqualTo("completed"));
        Assert.That(await (await bench.SeededAsync(id)).AuditAsync(), Has.One.EqualTo("opendsr.callback_failed"));
        var rows = await bench.Service.InDatabaseAsync(db => db.Set<StatusCallback>().AsNoTracking().OrderBy(row => row.Id).ToListAsync());
        Assert.That(rows.Select(row => (row.State, row.LastError)), Is.EqualTo(new[] { (CallbackState.Failed, (string?)"connector.http_503"), (CallbackState.Sent, null) }));
    }

    [Test]
    public async Task RunOnceAsync_Redirected_NotFollowed()
    {
        var id = await SubmitAsync("/callback");
        answer = 302;
        await bench.SetAsync(id, RequestStatus.InProgress);
        await SendAsync();

        Assert.That(told.Select(one => one.Path), Is.EqualTo(new[] { "callback" }));
        Assert.That(await ErrorAsync(), Is.EqualTo("connector.http_302"));
    }

    [Test]
    public async Task RunOnceAsync_AddressOfOurOwnNetwork_NotCalled()
    {
        await bench.AddAsync(new("toontrack", InboundBench.Form, "http://10.0.0.1:8080", Replace: true));
        var body = InboundBench.Body(InboundBench.NewId(), email: "greta@example.org");
        body["status_callback_urls"] = new JsonArray("http://10.0.0.1:8080/callback");
        var token = await bench.AddAsync(new("toontrack", InboundBench.Form, Replace: true));
        var reply = await bench.PostAsync(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()), token);
        Assert.That(reply.Status, Is.EqualTo(System.Net.HttpStatusCode.Created), reply.ToString());
        await bench.SetAsync((string)body["subject_request_id"]!, RequestStatus.Expired);
        await SendAsync();

        Assert.That(await ErrorAsync(), Is.EqualTo("connector.address_refused"));
    }

    [Test]
    public async Task RunOnceAsync_DiedAfterClaiming_SentAfterTheLease()
    {
        var id = await SubmitAsync("/callback");
        await bench.SetAsync(id, RequestStatus.InProgress);
        await bench.Service.InScopeAsync(services => services.GetRequiredService<NoteChanges>().HandleAsync(default));
        Assert.That(await bench.Service.InScopeAsync(services => services.GetRequiredService<ClaimCallbacks>().HandleAsync(10, [], default)), Has.Count.EqualTo(1));
        Assert.That(await SendAsync(), Is.Zero);
        bench.Service.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.That(await SendAsync(), Is.EqualTo(1));
        Assert.That(told, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task HandleAsync_SeenByTwoAtOnce_NotedOnce()
    {
        var id = await SubmitAsync("/callback");
        await bench.SetAsync(id, RequestStatus.InProgress);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => bench.Service.InScopeAsync(services => services.GetRequiredService<NoteChanges>().HandleAsync(default))));

        Assert.That(await bench.Service.InDatabaseAsync(db => db.Set<StatusCallback>().CountAsync()), Is.EqualTo(1));
    }

    [Test]
    public async Task HandleAsync_CallerHasItsShareUnderWay_OthersAreTaken()
    {
        var id = await SubmitAsync("/callback");
        await bench.SetAsync(id, RequestStatus.InProgress);
        await bench.Service.InScopeAsync(services => services.GetRequiredService<NoteChanges>().HandleAsync(default));

        Assert.That(await bench.Service.InScopeAsync(services => services.GetRequiredService<ClaimCallbacks>().HandleAsync(10, ["toontrack/consent-platform"], default)), Is.Empty);
        Assert.That(await bench.Service.InScopeAsync(services => services.GetRequiredService<ClaimCallbacks>().HandleAsync(10, ["djmixersoft/consent-platform"], default)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RunOnceAsync_CameByVersionOne_TheOlderHeaders()
    {
        var body = InboundBench.Body(InboundBench.NewId());
        body["status_callback_urls"] = new JsonArray($"{Origin}/callback");
        await bench.PostAsync(body, path: "/opendsr/v1/opengdpr_requests");
        await bench.SetAsync((string)body["subject_request_id"]!, RequestStatus.Withdrawn);
        await SendAsync();

        Assert.That(told.Single().Former, Is.True);
        Assert.That(Status(told.Single().Body), Is.EqualTo("cancelled"));
    }

    private async Task<string> SubmitAsync(params string[] paths)
    {
        var body = InboundBench.Body(InboundBench.NewId());
        body["status_callback_urls"] = new JsonArray([.. paths.Select(path => JsonValue.Create($"{Origin}{path}"))]);
        var reply = await bench.PostAsync(body);
        Assert.That(reply.Status, Is.EqualTo(System.Net.HttpStatusCode.Created), reply.ToString());
        return (string)body["subject_request_id"]!;
    }

    private Task<int> SendAsync() => bench.Service.Services.GetRequiredService<SendCallbacks>().RunOnceAsync(default);

    private Task<string?> ErrorAsync() => bench.Service.InDatabaseAsync(db => db.Set<StatusCallback>().Select(row => row.LastError).SingleAsync());

    private static string? Status(byte[] body) => (string?)JsonNode.Parse(body)!["request_status"];
}
