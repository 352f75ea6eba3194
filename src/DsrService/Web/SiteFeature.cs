using DsrService.Hosting;

namespace DsrService.Web;

/// <summary>What all pages share: rendering, stylesheet, form tokens, headers, error pages.</summary>
internal static class SiteFeature
{
    public static IServiceCollection AddSite(this IServiceCollection services, DsrOptions settings)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "dsr-form";
            // Strict would not be sent by a browser that comes from a mail, and every open form would be lost.
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddRateLimits(settings.RateLimits);
        return services.AddExceptionHandler<ErrorPages.Handler>();
    }

    public static void MapSite(this IEndpointRouteBuilder routes)
    {
        routes.MapStylesheet();
        routes.MapSiteIcon();
    }
}
