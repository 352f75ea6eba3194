using DsrService.Sdk.Contracts;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DsrService.Web;

/// <summary>Problem documents (RFC 9457) with a stable <c>code</c>; field errors under <c>errors</c> by JSON path.</summary>
internal static class Problems
{
    public static ProblemHttpResult ToProblem(this Failure failure)
    {
        var problem = new ProblemDetails { Status = failure.Status, Title = failure.Message, Type = $"urn:dsr:problem:{failure.Code}" };
        problem.Extensions["code"] = failure.Code;
        if (failure.Errors is not null)
            problem.Extensions["errors"] = failure.Errors;
        foreach (var (name, value) in failure.Extensions ?? new Dictionary<string, object?>())
            problem.Extensions[name] = value;
        return TypedResults.Problem(problem);
    }

    /// <summary>The value as 200, or the failure as its problem.</summary>
    public static IResult ToHttp<T>(this Result<T> result) =>
        result.Failed ? result.Failure.ToProblem() : TypedResults.Json(result.Value, DsrJson.Options);

    public static IServiceCollection AddProblems(this IServiceCollection services) => services
        .AddProblemDetails(options => options.CustomizeProblemDetails = context =>
            context.ProblemDetails.Extensions.TryAdd("code", CodeOf(context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode)))
        .AddExceptionHandler<UnreadableInput>();

    private static string CodeOf(int status) => status switch
    {
        400 => "http.bad_request",
        401 => "http.unauthenticated",
        403 => "http.forbidden",
        404 => "http.not_found",
        405 => "http.method_not_allowed",
        413 => "http.too_large",
        415 => "http.unsupported_media_type",
        429 => "http.too_many_requests",
        _ => "http.error",
    };

    // What the server itself could not read is the caller's fault and says nothing of the content.
    private sealed class UnreadableInput : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is not BadHttpRequestException bad)
                return false;
            var failure = bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new Failure("http.too_large", "The body is larger than what is accepted here.", bad.StatusCode)
                : new Failure("http.bad_request", "The request could not be read.", bad.StatusCode);
            await failure.ToProblem().ExecuteAsync(httpContext);
            return true;
        }
    }
}
