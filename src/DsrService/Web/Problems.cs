using DsrService.Sdk.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

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
            context.ProblemDetails.Extensions.TryAdd("code", CodeOf(context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode)));

    /// <summary>The problem of an answer that has a status and nothing else.</summary>
    public static ProblemHttpResult For(int status) =>
        new Failure(CodeOf(status), status < 500 ? ReasonPhrases.GetReasonPhrase(status) : "Something went wrong here. Nothing was half done.", status).ToProblem();

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
}
