using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using DsrService.Applicability.Rules;
using DsrService.Connectors.OpenDsr;
using DsrService.Connectors.OpenDsr.Inbound;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Tests.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.OpenDsr.Inbound;

/// <summary>A service that is a processor: toontrack's consent platform vouches for people, its web form does not, and another
/// controller has a platform of its own.</summary>
internal sealed class InboundBench : IAsyncDisposable
{
    public const string Domain = "opendsr.processor.example";
    public const string Platform = "consent-platform";
    public const string Form = "web-form";

    public static readonly X509Certificate2 Certificate = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256), Domain);

    private readonly Dictionary<string, string> tokens = [];

    private InboundBench(ResponseScene scene) => Scene = scene;

    public ResponseScene Scene { get; }

    public TestService Service => Scene.Service;

    public static (string Name, string Value)[] Settings =>
    [
        ("Dsr:OpenDsr:Inbound:Domain", Domain),
        ("Dsr:OpenDsr:Inbound:Certificate", Certificate.ExportCertificatePem()),
        ("Dsr:OpenDsr:Inbound:Key", Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        ("Dsr:OpenDsr:Inbound:CertificateAddress", $"https://{Domain}/opendsr/v2/certificate.pem"),
    ];

    public static async Task<InboundBench> StartAsync(string? callbackOrigin = null, params (string Name, string Value)[] settings)
    {
        var bench = new InboundBench(await ResponseScene.StartAsync(null, [DataMaps(), ("Dsr:PrivateSystems:0", "127.0.0.1"), .. Settings, .. settings]));
        foreach (var (controller, caller) in new[] { ("toontrack", Platform), ("toontrack", Form), ("djmixersoft", Platform) })
            bench.tokens[$"{controller}/{caller}"] = await bench.AddAsync(new(controller, caller, callbackOrigin));
        return bench;
    }

    public async Task<string> AddAsync(AddCaller.Input input) => await Service.InScopeAsync(async services =>
    {
        var added = await services.GetRequiredService<AddCaller>().HandleAsync(input, CancellationToken.None);
        Assert.That(added.Failure, Is.Null);
        return added.Value!;
    });

    public string TokenOf(string caller, string controller = "toontrack") => tokens[$"{controller}/{caller}"];

    public static string NewId() => PeerRequest.NewId().ToString("D");

    public static JsonObject Body(string id, string type = "access", string email = "ada.lind@example.org") => new()
    {
        ["regulation"] = "gdpr",
        ["subject_request_id"] = id,
        ["subject_request_type"] = type,
        ["submitted_time"] = "2026-03-01T10:00:00Z",
        ["subject_identities"] = new JsonArray(new JsonObject { ["identity_type"] = "email", ["identity_value"] = email, ["identity_format"] = "raw" }),
    };

    public Task<InboundReply> PostAsync(JsonObject body, string caller = Platform, string controller = "toontrack", string path = "/opendsr/v2/requests") =>
        PostAsync(Encoding.UTF8.GetBytes(body.ToJsonString()), TokenOf(caller, controller), path);

    public Task<InboundReply> PostAsync(byte[] body, string? token, string path = "/opendsr/v2/requests") => SendAsync(HttpMethod.Post, path, token, body);

    public Task<InboundReply> GetAsync(string path, string caller = Platform, string controller = "toontrack") => SendAsync(HttpMethod.Get, $"/opendsr/{path}", TokenOf(caller, controller));

    public async Task<InboundReply> SendAsync(HttpMethod method, string path, string? token, byte[]? body = null)
    {
        using var message = new HttpRequestMessage(method, path);
        if (token is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        using var response = await Service.Client.SendAsync(message);
        return new(response.StatusCode, await response.Content.ReadAsByteArrayAsync(),
            OpenDsrHeaders.Read(name => response.Headers.TryGetValues(name, out var values) ? values : []),
            [.. response.Headers.Select(header => header.Key)]);
    }

    /// <summary>The request of ours that came of it.</summary>
    public Task<DataSubjectRequest> RequestAsync(string id) => Service.InDatabaseAsync(async db =>
    {
        var known = Guid.Parse(id);
        return await (from row in db.Set<InboundRequest>()
                      join request in db.Set<DataSubjectRequest>() on row.RequestId equals request.Id
                      where row.SubjectRequestId == known
                      select request).AsNoTracking().SingleAsync();
    });

    public async Task<Seeded> SeededAsync(string id)
    {
        var request = await RequestAsync(id);
        return new(Scene, request.Id, request.Reference, "", "");
    }

    /// <summary>As some other operation would have left it.</summary>
    public Task SetAsync(string id, RequestStatus status, DateTimeOffset? closedAt = null) => Service.InDatabaseAsync(async db =>
    {
        var request = (await RequestAsync(id)).Id;
        return await db.Set<DataSubjectRequest>().Where(row => row.Id == request)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Status, status).SetProperty(row => row.ClosedAt, closedAt));
    });

    /// <summary>Looked at by all systems, approved, worked, answered.</summary>
    public async Task FulfilAsync(string id, Func<Seeded, RequestTask, Task<DsrService.Sdk.Contracts.Receipt>> answer)
    {
        var seeded = await SeededAsync(id);
        await seeded.AnswerAsync(task => task.Preview || task.Action == DsrService.Sdk.Contracts.TaskAction.Locate, task => Task.FromResult(ResponseScene.NothingFound(task)));
        var approved = await Service.InScopeAsync(services => services.GetRequiredService<ApprovePlan>()
            .HandleAsync(seeded.Reference, Scene.Approver, new Dictionary<string, QuestionAnswer>(), default));
        Assert.That(approved.Failure, Is.Null);
        await seeded.AnswerAllAsync(task => answer(seeded, task));
        if ((await seeded.RequestAsync()).Right is Right.Access or Right.Portability)
            await seeded.BuildAsync();
        var answered = await Service.InScopeAsync(services => services.GetRequiredService<DsrService.Response.AnswerRequest>().HandleAsync(seeded.Reference, Scene.Approver, new(), default));
        Assert.That(answered.Failure, Is.Null);
    }

    public ValueTask DisposeAsync() => Scene.DisposeAsync();

    /// <summary>The maps of the demo, two of them with callers.</summary>
    private static (string, string) DataMaps()
    {
        const string platform = """

            callers:
              - key: consent-platform
                name: Consent platform
                domain: privacy.platform.example
                vouches: true
                contact: requests@platform.example
                identities: [{ type: email, kind: email }, { type: controller_customer_id, kind: customer-number }]

            """;
        return TestMaps.Changed(
            ("djmixersoft.yaml", map => map + platform.Replace(", { type: controller_customer_id, kind: customer-number }", "", StringComparison.Ordinal)),
            ("toontrack.yaml", map => $$"""
            {{map}}{{platform}}
              - key: web-form
                name: Web form
                domain: privacy.form.example
                identities: [{ type: email, kind: email }]

            """));
    }
}

/// <summary>What was answered, and by whom it was signed.</summary>
internal sealed record InboundReply(HttpStatusCode Status, byte[] Body, OpenDsrHeaders? Headers, IReadOnlyList<string> HeaderNames)
{
    public JsonObject Json => (JsonObject)JsonNode.Parse(Body)!;

    public bool IsSigned => Headers is { Domain: InboundBench.Domain } headers && OpenDsrSignature.Verify(Body, headers.Signature, InboundBench.Certificate);

    /// <summary>Our code of an error.</summary>
    public string? Reason => (string?)Json["error"]?["errors"]?[0]?["reason"];

    public JsonObject Extension => (JsonObject)Json["extensions"]![InboundBench.Domain]!["dsr-service-request-1"]!;

    public override string ToString() => $"{(int)Status} {Encoding.UTF8.GetString(Body)}";
}
