using DsrService.Response;
using DsrService.Staff;

namespace DsrService.Hosting;

/// <summary>Which feature runs in which role: the table of contents of the service.</summary>
internal static class Features
{
    public static void AddFeatures(this IServiceCollection services, DsrOptions options)
    {
        services.AddStaffOperations();
        if (options.Runs(Role.Desk))
            services.AddStaffAccess();
        if (options.Runs(Role.Worker))
            services.AddScheduler();
        services.AddResponse(options);
    }

    public static void MapFeatures(this WebApplication app, DsrOptions options)
    {
    }
}
