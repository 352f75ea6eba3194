using DsrService.Requests;
using DsrService.Response;
using DsrService.Web;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>The side of OpenDSR that a processor serves, in both versions. There is nothing here unless it is configured.</summary>
internal static class InboundRoutes
{
    public static void MapInbound(this IEndpointRouteBuilder routes)
    {
        foreach (var version in new[] { ProtocolVersion.One, ProtocolVersion.Two })
        {
            var api = routes.MapGroup(version.Root).RequireRateLimiting(RateLimits.OpenDsr);
            api.MapGet("/certificate.pem", (ProcessorSignature signature) => TypedResults.Text(signature.Published, "application/x-pem-file"));
            var own = api.MapGroup("").AddEndpointFilter(async (context, next) =>
            {
                var http = context.HttpContext;
                return await http.RequestServices.GetRequiredService<InboundCallers>().FindAsync(http.Request, http.RequestAborted) is { } caller
                    ? await next(With(context, caller))
                    : SignedAnswer.Of(new("http.unauthenticated", "Send the token you were given as a bearer token.", StatusCodes.Status401Unauthorized), version);
            });
            own.MapGet("/discovery", (HttpContext http, ProcessorSignature signature) => SignedAnswer.Of(StatusCodes.Status200OK, Discovery(CallerOf(http), version, signature), version));
            own.MapPost($"/{version.Requests}", (HttpContext http, TakeSubmission take, CancellationToken cancel) => TakeAsync(http, version, take, cancel));
            own.MapGet($"/{version.Requests}/{{id}}", async (string id, HttpContext http, TellStatus tell, CancellationToken cancel) =>
                await tell.HandleAsync(CallerOf(http), version, id, cancel) is { } status ? SignedAnswer.Of(StatusCodes.Status200OK, status, version) : Unknown(version));
            own.MapDelete($"/{version.Requests}/{{id}}", (string id, HttpContext http, TellStatus tell, WithdrawRequest withdraw, TimeProvider time, CancellationToken cancel) =>
                CallOffAsync(id, CallerOf(http), version, tell, withdraw, time, cancel));
            own.MapGet("/results/{id}", (string id, HttpContext http, TellStatus tell, DownloadPackage download, CancellationToken cancel) =>
                HandAsync(id, http, version, tell, download, cancel));
        }
    }

    private static EndpointFilterInvocationContext With(EndpointFilterInvocationContext context, InboundCaller caller)
    {
        context.HttpContext.Features.Set(caller);
        return context;
    }

    private static InboundCaller CallerOf(HttpContext http) => http.Features.Get<InboundCaller>()!;

    private static SignedAnswer Unknown(ProtocolVersion version) => SignedAnswer.Of(Failure.NotFound(), version);

    private static OpenDsrDiscovery Discovery(InboundCaller caller, ProtocolVersion version, ProcessorSignature signature) => new()
    {
        ApiVersion = version.Api,
        SupportedIdentities = [.. caller.Entry.Identities.Keys.Select(type => new OpenDsrIdentity(type, OpenDsrIdentity.Raw))],
        SupportedSubjectRequestTypes = Submission.TypesOf(caller.Map),
        ProcessorCertificate = signature.Address.AbsoluteUri,
        SupportedExtensions = new Dictionary<string, IReadOnlyList<string?>?> { [signature.Domain] = [SubmissionExtension.Name] },
    };

    private static async Task<IResult> TakeAsync(HttpContext http, ProtocolVersion version, TakeSubmission take, CancellationToken cancel)
    {
        var body = await JsonBody.ReadBytesAsync(http.Request, TakeSubmission.LargestBody, cancel);
        if (body.Failed)
            return SignedAnswer.Of(body.Failure, version);
        var taken = await take.HandleAsync(CallerOf(http), version, body.Value, cancel);
        return taken.Failed ? SignedAnswer.Of(taken.Failure, version).After(taken.Failure) : SignedAnswer.Of(StatusCodes.Status201Created, new
        {
            ControllerId = taken.Value.Caller,
            ExpectedCompletionTime = OutwardStatus.Instant(taken.Value.ExpectedAt),
            ReceivedTime = OutwardStatus.Instant(taken.Value.ReceivedAt),
            EncodedRequest = Convert.ToBase64String(body.Value),
            SubjectRequestId = taken.Value.Id,
        }, version);
    }

    private static async Task<IResult> CallOffAsync(
        string id, InboundCaller caller, ProtocolVersion version, TellStatus tell, WithdrawRequest withdraw, TimeProvider time, CancellationToken cancel)
    {
        if (await tell.FindAsync(caller, id, cancel) is not var (row, _))
            return Unknown(version);
        var withdrawn = await withdraw.HandleAsync(row.RequestId, caller.Actor, "caller", cancel);
        return withdrawn.Failed
            ? SignedAnswer.Of(new("opendsr.not_pending", "Only what is pending can be called off.", StatusCodes.Status400BadRequest), version)
            : SignedAnswer.Of(StatusCodes.Status202Accepted,
                new { ControllerId = row.Caller, SubjectRequestId = row.Id, ReceivedTime = OutwardStatus.Instant(time.GetUtcNow()), ApiVersion = version.Api }, version);
    }

    private static async Task<IResult> HandAsync(string id, HttpContext http, ProtocolVersion version, TellStatus tell, DownloadPackage download, CancellationToken cancel)
    {
        var caller = CallerOf(http);
        if (await tell.FindAsync(caller, id, cancel) is not var (row, request) || !row.Vouched || !caller.Entry.Vouches || request.Right is not (Right.Access or Right.Portability))
            return Unknown(version);
        if (tell.HaveEnded(request))
            return SignedAnswer.Of(new("opendsr.results_gone", "The results were there for seven days.", StatusCodes.Status410Gone), version);
        var package = await download.HandleAsync(row.RequestId, caller.Actor, cancel);
        return package.Failed ? Unknown(version) : PackageRoutes.Send(http, package);
    }
}
