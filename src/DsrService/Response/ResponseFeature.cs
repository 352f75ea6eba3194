using DsrService.Hosting;
using DsrService.Response.Package;

namespace DsrService.Response;

internal static class ResponseFeature
{
    public static IServiceCollection AddResponse(this IServiceCollection services, DsrOptions options)
    {
        services.AddSingleton<FileStore>();
        services.AddScoped<BuildArchive>();
        services.AddScoped<ReceiveUpload>();
        services.AddScoped<BuildPackage>();
        services.AddScoped<DownloadPackage>();
        services.AddScoped<ComposeAnswer>();
        services.AddScoped<AnswerRequest>();
        services.AddScoped<PreviewAnswer>();
        services.AddSingleton<BuildPackages>();
        if (options.Runs(Role.Worker))
        {
            services.AddHostedService(provider => provider.GetRequiredService<BuildPackages>());
            services.AddRecurring<SweepFiles>();
        }
        return services;
    }

    public static void MapResponse(this WebApplication app, DsrOptions options)
    {
        if (options.Runs(Role.Portal))
            app.MapPersonsPackage();
        if (options.Runs(Role.Desk))
            app.MapStaffPackage();
    }
}
