using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace DsrService.Web;

internal sealed record ErrorView(string Title, string Text, string? Home = "/", string HomeText = "To the start page");

/// <summary>What people see in place of an empty answer. Machine endpoints get problem documents (<see cref="Problems"/>).</summary>
internal static class ErrorPages
{
    private static readonly string[] Machine = ["/api", "/desk/api", "/systems", "/health", "/opendsr"];

    /// <summary>Whether a person in a browser asks, and not a program.</summary>
    public static bool IsPage(HttpContext context) =>
        !Array.Exists(Machine, prefix => context.Request.Path.StartsWithSegments(prefix, StringComparison.Ordinal));

    public static IResult ToPage(this Failure failure) => For(failure.Status, failure.Message);

    public static IResult For(int status, string? text = null) => Pages.Show<ErrorPage, ErrorView>(ViewOf(status, text), status);

    /// <summary>Gives every empty error answer a page or a problem document.</summary>
    public static async Task FillAsync(StatusCodeContext status)
    {
        var context = status.HttpContext;
        await (IsPage(context) ? For(context.Response.StatusCode) : Problems.For(context.Response.StatusCode)).ExecuteAsync(context);
    }

    private static ErrorView ViewOf(int status, string? text) => status switch
    {
        400 => new("That could not be read", text ?? "Please go back and try once more."),
        401 or 403 => new("This is not open to you", text ?? "You may need to sign in, or to ask for a new link."),
        404 => new("There is no such page", text ?? "The address may be mistyped, or the page is not there any more."),
        405 => new("That does not work here", text ?? "Please start again from the page before."),
        413 => new("That is too much at once", text ?? "The form holds more than can be taken in. Please shorten it."),
        429 => new("One moment, please", text ?? "There have been many tries from your network. Please wait a minute and try again."),
        >= 500 => new("Something went wrong on our side", text ?? "Nothing you sent was half done. Please try again in a few minutes."),
        _ => new("That did not work", text ?? "Please go back and try once more."),
    };

    /// <summary>For what nobody foresaw; the cause is in the log, without personal data.</summary>
    internal sealed class Handler : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            // What the server itself could not read is the caller's fault and says nothing of the content.
            var status = exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
            // The page is rendered within a request that failed: a broken form must not break it again.
            httpContext.Features.Set<IFormFeature>(null);
            await (IsPage(httpContext) ? For(status) : Problems.For(status)).ExecuteAsync(httpContext);
            return true;
        }
    }
}
