using DsrService.Fulfilment.Desk;
using DsrService.Hosting;

namespace DsrService.Connectors.Vendors;

internal static class VendorsFeature
{
    public static void AddVendors(this IServiceCollection services, DsrOptions options)
    {
        services.AddScoped<FindVendor>();
        services.AddScoped<VendorItems>();
        services.AddScoped<ListVendorItems>();
        services.AddScoped<ReadVendorItem>();
        services.AddScoped<AnswerVendorItem>();
        services.AddScoped<ReceiveForm>();
        if (options.Runs(Role.Worker))
            services.AddRecurring<WriteToVendors>();
    }
}
