using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Fulfilment;
using DsrService.Identity;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Requests.Desk;
using DsrService.Response;
using DsrService.Staff;

namespace DsrService.Hosting;

/// <summary>Which feature runs in which role: the table of contents of the service.</summary>
internal static class Features
{
    public static void AddFeatures(this IServiceCollection services, DsrOptions options)
    {
        services.AddDeadlines();
        // The letters first: a data map may only offer languages that they are in.
        services.AddNotices(options);
        services.AddDataMaps();
        services.AddRequests();
        services.AddIdentityOperations(options);
        services.AddStaffOperations();
        if (options.Runs(Role.Desk))
            services.AddStaffAccess().AddDesk();
        services.AddConnectors(options);
        services.AddFulfilment(options);
        services.AddResponse(options);
        services.AddScoped<VerifyAudit>();
        if (options.Runs(Role.Worker))
            services.AddScheduler().AddRecurring<CheckpointAudit>().AddRecurring<WarnOfDeadlines>().AddRecurring<RotateKeys>();
    }

    public static void MapFeatures(this WebApplication app, DsrOptions options)
    {
        app.MapRequests(options);
        app.MapIdentity(options);
        app.MapResponse(options);
        if (options.Runs(Role.Desk))
            app.MapDesk();
        app.MapConnectors(options);
    }
}
