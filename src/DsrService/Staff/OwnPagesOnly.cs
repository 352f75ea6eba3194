using DsrService.Web;

namespace DsrService.Staff;

/// <summary>A browser sends the desk's cookie by itself: what changes something with it must come from our own pages.
/// A token is never sent by itself, and needs no such check.</summary>
internal sealed class OwnPagesOnly : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Headers.Authorization.Count > 0 || IsOurs(request))
            return await next(context);
        return new Failure("http.cross_site", "This did not come from one of our pages.", StatusCodes.Status403Forbidden).ToProblem();
    }

    // Browsers name the page that sends, in one header or the other; programs name none.
    private static bool IsOurs(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is [{ } site] ? site is "same-origin" or "none"
        : request.Headers.Origin is not [{ } origin] || origin == $"{request.Scheme}://{request.Host}";
}
