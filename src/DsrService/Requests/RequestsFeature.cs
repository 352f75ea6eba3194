using DsrService.Hosting;
using DsrService.Requests.Portal;
using DsrService.Restrictions;

namespace DsrService.Requests;

internal static class RequestsFeature
{
    public static IServiceCollection AddRequests(this IServiceCollection services)
    {
        services.AddScoped<SubmitRequest>();
        services.AddScoped<ReadStatus>();
        services.AddScoped<WithdrawRequest>();
        services.AddScoped<ScheduleLifting>();
        services.AddScoped<EndMeanwhile>();
        return services;
    }

    public static void MapRequests(this IEndpointRouteBuilder routes, DsrOptions options)
    {
        if (!options.Runs(Role.Portal))
            return;
        routes.MapPublicApi();
        routes.MapRequestPages();
        routes.MapStatusPages();
    }
}
