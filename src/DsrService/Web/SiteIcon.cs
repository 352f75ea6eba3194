using Microsoft.AspNetCore.Http.HttpResults;

namespace DsrService.Web;

/// <summary>The icon in the browser's tab.</summary>
internal static class SiteIcon
{
    public const string Path = "/assets/icon.svg";

    private const string Svg = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none"><path d="M16 2.5 4.5 7v8.2c0 6.9 4.8 12 11.5 14.3 6.7-2.3 11.5-7.4 11.5-14.3V7L16 2.5Z" fill="#0d5c6b"/><path d="m10.5 16 4 4 7.5-8" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>
        """;

    public static void MapSiteIcon(this IEndpointRouteBuilder routes) => routes.MapGet(Path, Serve);

    private static ContentHttpResult Serve(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=86400";
        return TypedResults.Text(Svg, "image/svg+xml");
    }
}
