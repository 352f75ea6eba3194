using System.Text;
using DsrService.Connectors.OpenDsr;
using DsrService.Data;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Systems.Peers;

/// <summary>The side of OpenDSR that a processor serves, version 2.0 with our extension: discovery, certificate, requests.</summary>
internal sealed class PeerRoutes(DemoPeers peers, PeerStore requests, PeerSigner signer, Behaviours behaviours, TimeProvider clock)
{
    private const int LargestBody = 1 << 20;
    private static readonly string[] Standard = ["access", "portability", "erasure"];

    public static string Address(Uri root, string controller, string system) => new Uri(root, $"/opendsr-peers/{controller}/{system}/v2").AbsoluteUri;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var peer = routes.MapGroup("/opendsr-peers/{controller}/{system}/v2");
        peer.MapGet("/discovery", (string controller, string system, HttpContext http, PeerRoutes self) =>
            self.Discovery(controller, system, http) is { } discovery ? Results.Json(discovery, OpenDsrJson.Options) : Results.NotFound());
        peer.MapGet("/certificate.pem", (string controller, string system, PeerSigner signer) =>
            signer.Of(controller, system) is { } known ? Results.Text(PeerSigner.Public(known.Certificate), "application/x-pem-file") : Results.NotFound());
        peer.MapPost("/requests", (string controller, string system, HttpContext http, PeerRoutes self, CancellationToken cancel) => self.Take(controller, system, http, cancel));
        peer.MapGet("/requests/{id:guid}", (string controller, string system, Guid id, HttpContext http, PeerRoutes self, CancellationToken cancel) => self.Say(controller, system, id, http, cancel));
        peer.MapDelete("/requests/{id:guid}", (string controller, string system, Guid id, HttpContext http, PeerRoutes self, CancellationToken cancel) => self.Cancel(controller, system, id, http, cancel));
        peer.MapGet("/results/{id:guid}/{part}", (string controller, string system, Guid id, string part, HttpContext http, PeerRoutes self, CancellationToken cancel) =>
            self.Result(controller, system, id, part, http, cancel));
    }

    private OpenDsrDiscovery? Discovery(string controller, string system, HttpContext http) => peers.Find(controller, system) is not { } store ? null : new()
    {
        ApiVersion = "2.0",
        SupportedIdentities = [.. store.Needs.Select(kind => new OpenDsrIdentity(PeerIdentities.TypeOf(kind), OpenDsrIdentity.Raw))],
        SupportedSubjectRequestTypes = [.. Standard, .. Enum.GetValues<TaskAction>().SelectMany(action => new[] { $"dsr-{DsrJson.Kebab(action)}", $"dsr-preview-{DsrJson.Kebab(action)}" })],
        ProcessorCertificate = $"{http.Request.Scheme}://{http.Request.Host}/opendsr-peers/{controller}/{system}/v2/certificate.pem",
        SupportedExtensions = new Dictionary<string, IReadOnlyList<string?>?> { [PeerSigner.Domain(controller, system)] = [PeerWish.Extension] },
    };

    private async Task<IResult> Take(string controller, string system, HttpContext http, CancellationToken cancel)
    {
        if (Refuse(controller, system, http) is { } refusal)
            return refusal;
        var store = peers.Find(controller, system)!;
        if (await behaviours.Of(store, cancel) is Behaviour.Down)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        using var reader = new StreamReader(http.Request.Body, new UTF8Encoding(false, true));
        var text = await reader.ReadToEndAsync(cancel);
        if (text.Length > LargestBody || PeerTask.Read(store, text, clock.GetUtcNow()) is not { } asked)
            return Error("The request cannot be read, or is not of a kind that discovery lists.");
        await requests.Add(asked.Task, asked.Type, asked.Callback, cancel);
        var request = (await requests.Find(controller, system, asked.Task.TaskId, cancel))!;
        peers.Work(store, request);
        return Signed(controller, system, http, StatusCodes.Status201Created, new
        {
            ControllerId = controller,
            ExpectedCompletionTime = DemoPeers.Instant(request.ReceivedAt.AddDays(14)),
            ReceivedTime = DemoPeers.Instant(request.ReceivedAt),
            EncodedRequest = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
            SubjectRequestId = request.Task.TaskId.ToString("D"),
        });
    }

    private async Task<IResult> Say(string controller, string system, Guid id, HttpContext http, CancellationToken cancel)
    {
        if (Refuse(controller, system, http) is { } refusal)
            return refusal;
        if (await requests.Find(controller, system, id, cancel) is not { } request)
            return Results.NotFound();
        peers.Work(peers.Find(controller, system)!, request);
        if (request.Answer is { } answer)
            request = request with
            {
                Answer = answer with
                {
                    Results = [.. (await requests.Parts(id, cancel)).Select(part => new PeerResult(part.Part, part.Category, part.ContentType,
                new($"{http.Request.Scheme}://{http.Request.Host}/opendsr-peers/{controller}/{system}/v2/results/{id:D}/{part.Part}")))]
                }
            };
        return Signed(controller, system, http, StatusCodes.Status200OK, DemoPeers.Status(request));
    }

    private async Task<IResult> Cancel(string controller, string system, Guid id, HttpContext http, CancellationToken cancel)
    {
        if (Refuse(controller, system, http) is { } refusal)
            return refusal;
        if (!await requests.Move(id, "pending", "cancelled", null, cancel))
            return Error("The request is not pending.");
        return Signed(controller, system, http, StatusCodes.Status202Accepted,
            new { ControllerId = controller, SubjectRequestId = id.ToString("D"), ReceivedTime = DemoPeers.Instant(clock.GetUtcNow()), ApiVersion = "2.0" });
    }

    private async Task<IResult> Result(string controller, string system, Guid id, string part, HttpContext http, CancellationToken cancel) =>
        Refuse(controller, system, http) is { } refusal ? refusal
        : await requests.Find(controller, system, id, cancel) is null || await requests.Part(id, part, cancel) is not { } found ? Results.NotFound()
        : Results.Bytes(found.Content, found.ContentType);

    private IResult? Refuse(string controller, string system, HttpContext http) =>
        peers.Find(controller, system) is null || signer.Of(controller, system) is not { } known ? Results.NotFound()
        : http.Request.Headers.Authorization.ToString() is var header && Secrets.Matches(Secrets.Hash(known.Authorization), header) ? null
        : Results.StatusCode(StatusCodes.Status401Unauthorized);

    private IResult Signed<T>(string controller, string system, HttpContext http, int status, T message)
    {
        var (body, headers) = signer.Sign(controller, system, message);
        http.Response.Headers[OpenDsrHeaders.DomainName] = headers.Domain;
        http.Response.Headers[OpenDsrHeaders.SignatureName] = headers.Signature;
        return Results.Text(body, "application/json", status);
    }

    private static IResult Error(string message) =>
        Results.Json(new { error = new { code = 400, message } }, statusCode: StatusCodes.Status400BadRequest);
}
