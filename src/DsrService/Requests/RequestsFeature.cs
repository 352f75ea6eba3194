using DsrService.Hosting;
using DsrService.Notices;

namespace DsrService.Requests;

internal static class RequestsFeature
{
    public static IServiceCollection AddRequests(this IServiceCollection services)
    {
        services.AddSingleton<NoticeQueue>();
        services.AddScoped<SubmitRequest>();
        return services;
    }

    public static void MapRequests(this IEndpointRouteBuilder routes, DsrOptions options)
    {
        if (!options.Runs(Role.Portal))
            return;
        routes.MapPublicApi();
    }
}
