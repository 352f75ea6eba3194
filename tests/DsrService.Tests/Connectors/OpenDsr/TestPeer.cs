using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DsrService.Connectors;
using DsrService.Connectors.OpenDsr;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Tests.Fulfilment;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DsrService.Tests.Connectors.OpenDsr;

/// <summary>A processor played by the test, over real HTTP, in the place of toontrack's newsletter.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    public const string System = "newsletter";
    public const string Domain = "opendsr.newsletter.toontrack.example";
    public const string Secret = "Bearer peer-secret";

    public static readonly X509Certificate2 Certificate = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256), Domain);

    private readonly WebApplication app;

    private TestPeer(WebApplication app) => this.app = app;

    public JsonObject Discovery { get; set; } = DiscoveryOf(["access", "portability", "erasure"], extends: false);

    public ConcurrentQueue<(JsonObject Body, string? Authorization)> Posts { get; } = new();
    public ConcurrentQueue<string> Deletes { get; } = new();

    /// <summary>What a POST is answered with; 201 as the specification has it unless set.</summary>
    public int PostStatus { get; set; } = 201;

    /// <summary>What is said of a request; null for one not known.</summary>
    public Func<string, JsonObject?> Status { get; set; } = id => StatusOf(id, "pending");

    /// <summary>Signs, or does worse.</summary>
    public Func<byte[], (string? Domain, string? Signature)> Sign { get; set; } = body => (Domain, OpenDsrSignature.Sign(body, Certificate));

    public Func<HttpContext, Task>? OnResults { get; set; }

    public string Address => app.Urls.Single();

    public string LastId => (string)Posts.Last().Body["subject_request_id"]!;

    public static async Task<TestPeer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var peer = new TestPeer(builder.Build());
        peer.app.MapGet("/v2/discovery", () => Results.Text(peer.Discovery.ToJsonString(), "application/json"));
        peer.app.MapPost("/v2/requests", peer.TakeAsync);
        peer.app.MapGet("/v2/requests/{id}", (string id, HttpContext http) => peer.Status(id) is { } status ? peer.AnswerAsync(http, 200, status) : NotFoundAsync(http));
        peer.app.MapDelete("/v2/requests/{id}", (string id, HttpContext http) =>
        {
            peer.Deletes.Enqueue(id);
            return peer.AnswerAsync(http, 202, new JsonObject { ["subject_request_id"] = id });
        });
        peer.app.MapGet("/results", (HttpContext http) => peer.OnResults!(http));
        await peer.app.StartAsync();
        return peer;
    }

    /// <summary>Gives the service what it needs to speak with this peer.</summary>
    public Task ConnectAsync(FulfilmentBench bench) => bench.Service.InScopeAsync(async services =>
    {
        var added = await services.GetRequiredService<AddSystem>().HandleAsync(
            new(TestService.Controller, System, $"{Address}/v2", Replace: true, Secret, Certificate.ExportCertificatePem()), CancellationToken.None);
        Assert.That(added.Failure, Is.Null);
        return true;
    });

    public static JsonObject DiscoveryOf(string[] types, bool extends) => new()
    {
        ["api_version"] = "2.0",
        ["supported_identities"] = new JsonArray(new JsonObject { ["identity_type"] = "email", ["identity_format"] = "raw" }),
        ["supported_subject_request_types"] = new JsonArray([.. types.Select(type => JsonValue.Create(type))]),
        ["processor_certificate"] = "https://opendsr.newsletter.toontrack.example/cert.pem",
        ["supported_extensions"] = extends ? new JsonObject { [Domain] = new JsonArray("dsr-service-1") } : null,
    };

    public static JsonObject StatusOf(string id, string status) => new()
    {
        ["controller_id"] = "c-1",
        ["expected_completion_time"] = "2026-12-01T00:00:00Z",
        ["subject_request_id"] = id,
        ["request_status"] = status,
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        var body = (JsonObject)(await JsonNode.ParseAsync(http.Request.Body))!;
        Posts.Enqueue((body, http.Request.Headers.Authorization));
        var answer = new JsonObject { ["controller_id"] = "c-1", ["subject_request_id"] = (string)body["subject_request_id"]!, ["encoded_request"] = "e30=" };
        await AnswerAsync(http, PostStatus, answer);
    }

    private async Task AnswerAsync(HttpContext http, int status, JsonObject body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        var (domain, signature) = Sign(bytes);
        http.Response.StatusCode = status;
        if (domain is not null)
            http.Response.Headers[OpenDsrHeaders.DomainName] = domain;
        if (signature is not null)
            http.Response.Headers[OpenDsrHeaders.SignatureName] = signature;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(bytes);
    }

    private static Task NotFoundAsync(HttpContext http)
    {
        http.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}

/// <summary>A service whose newsletter is a <see cref="TestPeer"/>.</summary>
internal sealed class PeerBench : IAsyncDisposable
{
    public required FulfilmentBench Bench { get; init; }
    public required TestPeer Peer { get; init; }
    public string Reference { get; private set; } = "";

    public static async Task<PeerBench> StartAsync(params (string Name, string Value)[] settings)
    {
        var bench = new PeerBench { Bench = await FulfilmentBench.StartAsync(withPeers: true, settings), Peer = await TestPeer.StartAsync() };
        await bench.Peer.ConnectAsync(bench.Bench);
        return bench;
    }

    /// <summary>An objection to direct marketing: it goes to the newsletter without anybody's approval.</summary>
    public async Task ObjectAsync()
    {
        Peer.Discovery = TestPeer.DiscoveryOf(["access", "erasure", "dsr-stop-processing", "dsr-verify"], extends: true);
        Reference = await Bench.PlannedAsync(Right.Objection, Content(new("direct-marketing", null)));
        await Bench.DispatchAsync();
    }

    public async Task AccessAsync()
    {
        Reference = await Bench.PlannedAsync(Right.Access);
        await Bench.ApproveAsync(Reference);
        await Bench.DispatchAsync();
    }

    public async Task<RequestTask> TaskAsync(string step) => await Bench.TaskAsync(Reference, $"{step}:{TestPeer.System}");

    /// <summary>The row's next attempt.</summary>
    public async Task AgainAsync()
    {
        Bench.Service.Clock.Advance(TimeSpan.FromHours(2));
        await Bench.DispatchAsync();
    }

    public static IntakeContent Content(ObjectionContent? objection) => new()
    {
        Requester = new RequesterContent("Ada Lind", "ada.lind@example.org", Relation.Self),
        Objection = objection,
    };

    /// <summary>A receipt of our extension, beside the status.</summary>
    public static JsonObject WithReceipt(JsonObject status, object receipt, JsonArray? results = null)
    {
        status["extensions"] = new JsonObject
        {
            [TestPeer.Domain] = new JsonObject { ["dsr-service-1"] = new JsonObject { ["receipt"] = JsonSerializer.SerializeToNode(receipt), ["results"] = results ?? [] } },
        };
        return status;
    }

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        await Bench.DisposeAsync();
    }
}
