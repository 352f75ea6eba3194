using DsrService.Connectors;
using DsrService.Deadlines;
using DsrService.Fulfilment.Desk;
using DsrService.Fulfilment.Restores;
using DsrService.Restrictions;
using DsrService.Staff;

namespace DsrService.Requests.Desk;

internal static class DeskFeature
{
    public static IServiceCollection AddDesk(this IServiceCollection services) => services
        .AddScoped<AssignRequest>()
        .AddScoped<AddNote>()
        .AddScoped<HoldRequest>()
        .AddScoped<RefuseRequest>()
        .AddScoped<WithdrawByStaff>()
        .AddScoped<ExtendDeadline>()
        .AddScoped<SuspendDeadline>()
        .AddScoped<ResumeDeadline>()
        .AddScoped<ListRequests>()
        .AddScoped<ReadRequest>()
        .AddScoped<LiftRestriction>()
        .AddScoped<ReadState>()
        .AddScoped<ListTasks>()
        .AddScoped<ListSystems>()
        .AddScoped<StopSystem>()
        .AddScoped<SettleReimport>()
        .AddScoped<StateRestore>()
        .AddScoped<ListRestores>()
        .AddScoped<ReadTask>()
        .AddScoped<ListRecipients>()
        .AddScoped<RecordRecipientAnswer>()
        .AddScoped<UploadFile>();

    public static void MapDesk(this IEndpointRouteBuilder routes)
    {
        routes.MapSignIn();
        routes.MapStaffApi();
        routes.MapDeskPages();
    }
}
