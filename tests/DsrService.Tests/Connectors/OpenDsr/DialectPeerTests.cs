using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using DsrService.Tests.Fulfilment;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DsrService.Tests.Connectors.OpenDsr;

/// <summary>Peers that answer as AppsFlyer and mParticle document it: other paths and spellings, unsigned, errors of their own shape.</summary>
internal sealed class DialectPeerTests
{
    private const string Newsletter = "opendsr: { dialect: \"2.0\", domain: opendsr.newsletter.toontrack.example,";
    private const string AppsFlyer = "dialect: appsflyer, property: id1234567,";
    private const string MParticle = "dialect: mparticle-3,";

    private readonly ConcurrentQueue<JsonObject> posts = new();
    private Func<HttpContext, Task> onPost = http => SayAsync(http, 201, """{"original_request_id":"x","info":"accepted"}""");
    private Func<HttpContext, Task> onStatus = http => SayAsync(http, 404, "{}");
    private WebApplication peer = null!;
    private FulfilmentBench bench = null!;
    private string reference = "";

    [SetUp]
    public async Task StartAsync()
    {
        posts.Clear();
        onPost = http => SayAsync(http, 201, """{"original_request_id":"x","info":"accepted"}""");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        peer = builder.Build();
        foreach (var path in new[] { "/api/gdpr/v1/opendsr_requests", "/v3/requests" })
        {
            peer.MapPost(path, async http =>
            {
                posts.Enqueue((JsonObject)(await JsonNode.ParseAsync(http.Request.Body))!);
                await onPost(http);
            });
            peer.MapGet($"{path}/{{id}}", http => onStatus(http));
        }
        peer.MapGet("/download", http => SayAsync(http, 410, """{"error":{"code":410,"message":"expired"}}"""));
        await peer.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await bench.DisposeAsync();
        await peer.DisposeAsync();
    }

    [TestCase("pending", TaskState.Accepted, null)]
    [TestCase("in-progress", TaskState.Accepted, null)]
    [TestCase("canceled", TaskState.Failed, "system.refused")]
    [TestCase("in process", TaskState.Failed, "opendsr.status_unknown")]
    public async Task SendAsync_AppsFlyersStatus_BecomesWhatItMeans(string status, TaskState state, string? error)
    {
        await AccessAsync(AppsFlyer, "/api/gdpr/v1");
        onStatus = http => SayAsync(http, 200, $$"""{"controller_id":"c","subject_request_id":"{{Id}}","request_status":"{{status}}","api_version":"0.1","group":7}""");
        await AgainAsync();

        var task = await TaskAsync();
        Assert.That((task.State, task.LastError), Is.EqualTo((state, error)));
        Assert.That(((string?)posts.Single()["property_id"], posts.Single().ContainsKey("api_version")), Is.EqualTo(("id1234567", false)));
    }

    [Test]
    public async Task SendAsync_AppsFlyerHasItAlready_TakenOnce()
    {
        onPost = http => SayAsync(http, 400, """{"error":{"code":400,"message":"Request already exists","af_gdpr_code":"e213"}}""");
        onStatus = http => SayAsync(http, 200, $$"""{"subject_request_id":"{{Id}}","request_status":"pending"}""");
        await AccessAsync(AppsFlyer, "/api/gdpr/v1");

        Assert.That((await TaskAsync()).State, Is.EqualTo(TaskState.Accepted));
        await AgainAsync();
        Assert.That(posts, Has.Count.EqualTo(1));
    }

    [TestCase("e318")]
    [TestCase("e213")]
    public async Task SendAsync_AppsFlyerRefusesWhatItDoesNotKnow_Fails(string code)
    {
        onPost = http => SayAsync(http, 400, $$$"""{"error":{"code":400,"message":"no","af_gdpr_code":"{{{code}}}"}}""");
        onStatus = http => SayAsync(http, 400, """{"error":{"code":400,"message":"no such request","af_gdpr_code":"e214"}}""");
        await AccessAsync(AppsFlyer, "/api/gdpr/v1");

        var task = await TaskAsync();
        Assert.That((task.State, task.LastError), Is.EqualTo((TaskState.Failed, "connector.http_400")));
    }

    [Test]
    public async Task SendAsync_AppsFlyersResultsExpired_ShownAndNotTakenForNothing()
    {
        await AccessAsync(AppsFlyer, "/api/gdpr/v1");
        onStatus = http => SayAsync(http, 200, $$"""{"subject_request_id":"{{Id}}","request_status":"completed","results_url":"{{peer.Urls.Single()}}/download","results_count":1}""");
        await AgainAsync();

        await Eventually.TrueAsync(async () => (await TaskAsync()).LastError == "opendsr.results_gone", "the results to be gone");
        Assert.That((await TaskAsync()).Outcome, Is.Null);
    }

    [Test]
    public async Task SendAsync_MParticle_IdentitiesByType()
    {
        await AccessAsync(MParticle, "/v3");

        Assert.That(posts.Single()["subject_identities"]!.ToJsonString(), Is.EqualTo("""{"email":{"value":"ada.lind@example.org","encoding":"raw"}}"""));
        Assert.That(((string?)posts.Single()["api_version"], (await TaskAsync()).State), Is.EqualTo(("3.0", TaskState.Accepted)));
    }

    [Test]
    public async Task SendAsync_MParticleHasItAlready_TakenOnce()
    {
        onPost = http => SayAsync(http, 400, """{"code":400,"message":"Subject request already exists","errors":[]}""");
        onStatus = http => SayAsync(http, 200, $$"""{"subject_request_id":"{{Id}}","request_status":"in_progress","extensions":[{"domain":"x.example","name":"x","status":"sent"}]}""");
        await AccessAsync(MParticle, "/v3");

        Assert.That((await TaskAsync()).State, Is.EqualTo(TaskState.Accepted));
    }

    [Test]
    public async Task SendAsync_MParticleIsBusy_TriedWhenItSays()
    {
        onPost = http =>
        {
            http.Response.Headers.RetryAfter = "7200";
            return SayAsync(http, 429, """{"code":429,"message":"Too many requests"}""");
        };
        await AccessAsync(MParticle, "/v3");

        var task = await TaskAsync();
        Assert.That(task.LastError, Is.EqualTo("connector.http_429"));
        Assert.That(task.NextAttemptAt, Is.GreaterThanOrEqualTo(bench.Service.Clock.GetUtcNow().AddHours(2)));
    }

    [Test]
    public async Task SendAsync_MParticleSaysNothingWasFound_NothingFound()
    {
        await AccessAsync(MParticle, "/v3");
        onStatus = http => SayAsync(http, 200, $$"""{"subject_request_id":"{{Id}}","request_status":"completed","results_url":null,"results_count":0,"extensions":[]}""");
        await AgainAsync();

        var task = await TaskAsync();
        Assert.That((task.State, task.Outcome), Is.EqualTo((TaskState.Done, ReceiptOutcome.NothingFound)));
    }

    private string? Id => (string?)posts.Last()["subject_request_id"];

    private async Task AccessAsync(string dialect, string root)
    {
        bench = await FulfilmentBench.StartAsync(withPeers: true,
            TestMaps.Changed(("toontrack.yaml", map => Spoken(map, dialect))));
        var added = await bench.Service.InScopeAsync(services => services.GetRequiredService<AddSystem>()
            .HandleAsync(new(TestService.Controller, "newsletter", $"{peer.Urls.Single()}{root}", Replace: true, "Bearer peer-secret"), CancellationToken.None));
        Assert.That(added.Failure, Is.Null);
        reference = await bench.PlannedAsync(Right.Access);
        await bench.ApproveAsync(reference);
        await bench.DispatchAsync();
    }

    // These two offer less, and so does the company that relies on them.
    private static string Spoken(string map, string dialect)
    {
        var (from, to) = (map.IndexOf("  - key: newsletter\n", StringComparison.Ordinal), map.IndexOf("  # A company that decides for itself", StringComparison.Ordinal));
        var newsletter = map[from..to].Replace(Newsletter, $"opendsr: {{ {dialect} domain: opendsr.newsletter.toontrack.example,", StringComparison.Ordinal);
        newsletter = $"{newsletter[..newsletter.IndexOf("    actions:", StringComparison.Ordinal)]}    actions: [access, erase]\n";
        return $"{map[..from]}{newsletter}{map[to..]}".Replace("rights: [access, rectification, erasure, restriction, objection, portability]", "rights: [access, erasure]", StringComparison.Ordinal);
    }

    private Task<RequestTask> TaskAsync() => bench.TaskAsync(reference, "access:newsletter");

    private async Task AgainAsync()
    {
        bench.Service.Clock.Advance(TimeSpan.FromHours(2));
        await bench.DispatchAsync();
    }

    private static Task SayAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    }
}
