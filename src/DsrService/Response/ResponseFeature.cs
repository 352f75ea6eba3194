using DsrService.Hosting;

namespace DsrService.Response;

internal static class ResponseFeature
{
    public static IServiceCollection AddResponse(this IServiceCollection services, DsrOptions options)
    {
        services.AddSingleton<FileStore>();
        if (options.Runs(Role.Worker))
            services.AddRecurring<SweepFiles>();
        return services;
    }
}
