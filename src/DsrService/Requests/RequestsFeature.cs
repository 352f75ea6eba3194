using DsrService.Hosting;

namespace DsrService.Requests;

internal static class RequestsFeature
{
    public static IServiceCollection AddRequests(this IServiceCollection services)
    {
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
