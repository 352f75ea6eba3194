using System.Text.Json;
using System.Text.Json.Nodes;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>An answer as a processor gives it: signed over the bytes that go out.</summary>
internal sealed class SignedAnswer(int status, byte[] body, ProtocolVersion version) : IResult
{
    public static SignedAnswer Of<T>(int status, T body, ProtocolVersion version) => new(status, JsonSerializer.SerializeToUtf8Bytes(body, OpenDsrJson.Options), version);

    /// <summary>The specification's body of an error. Nothing in it repeats what was sent.</summary>
    public static SignedAnswer Of(Failure failure, ProtocolVersion version) => new(failure.Status, JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = failure.Status,
            ["message"] = failure.Message,
            ["errors"] = new JsonArray([.. Details(failure).Select(detail => new JsonObject { ["domain"] = "Validation", ["reason"] = failure.Code, ["message"] = detail })]),
        },
    }), version);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var signature = httpContext.RequestServices.GetRequiredService<ProcessorSignature>();
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers[version.DomainHeader] = signature.Domain;
        response.Headers[version.SignatureHeader] = signature.Sign(body);
        if (status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    private static IEnumerable<string> Details(Failure failure) =>
        failure.Errors is null ? [failure.Message] : failure.Errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}"));
}
