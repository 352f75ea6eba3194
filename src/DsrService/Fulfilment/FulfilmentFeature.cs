using DsrService.Connectors;
using DsrService.Fulfilment.Restores;
using DsrService.Hosting;
using DsrService.Restrictions;

namespace DsrService.Fulfilment;

internal static class FulfilmentFeature
{
    public static void AddFulfilment(this IServiceCollection services, DsrOptions options)
    {
        services.AddScoped<PlanRequest>();
        services.AddScoped<Progress>();
        services.AddScoped<ApprovePlan>();
        services.AddScoped<OpenTasks>();
        services.AddScoped<ClaimTasks>();
        services.AddScoped<RecordSending>();
        services.AddScoped<RecordAcceptance>();
        services.AddScoped<ReceiptEffects>();
        services.AddScoped<EndKeptItems>();
        services.AddScoped<AnnounceStates>();
        services.AddScoped<RectifiedIdentifiers>();
        services.AddScoped<KeepStates>();
        services.AddScoped<NoticeReimports>();
        services.AddSingleton<SendAnnouncements>();
        services.AddScoped<KeepForRestore>();
        services.AddScoped<RecordReceipt>();
        services.AddSingleton<GatherReceipts>();
        services.AddScoped<RecordFailure>();
        services.AddScoped<RetryTask>();
        services.AddScoped<SetAsideTask>();
        services.AddScoped<StopTasks>();
        services.AddScoped<CompleteManualTask>();
        services.AddSingleton<SystemHealth>();
        services.AddSingleton<DispatchTasks>();
        if (options.Runs(Role.Worker))
        {
            services.AddHostedService(provider => provider.GetRequiredService<DispatchTasks>());
            services.AddHostedService(provider => provider.GetRequiredService<SendAnnouncements>());
            services.AddRecurring<EraseKeptItems>();
            services.AddRecurring<FollowBindings>();
            services.AddRecurring<NoticeReimports>();
            services.AddRecurring<ForgetStates>();
            services.AddRecurring<DestroyRedoRecords>();
        }
    }
}
