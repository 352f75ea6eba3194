using DsrService.Connectors;
using DsrService.Fulfilment.Desk;
using DsrService.Fulfilment.Restores;
using DsrService.Notices;
using DsrService.Restrictions;
using DsrService.Staff;
using DsrService.Web;

namespace DsrService.Requests.Desk;

/// <summary>The staff API. Every route says whom it is for; what they then see is in every query.</summary>
internal static class StaffApi
{
    public const string Root = "/desk/api/v1";

    public static void MapStaffApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Root).AddEndpointFilter<OwnPagesOnly>();
        api.MapGet("/requests", async (StaffCaller caller, HttpRequest http, ListRequests list, CancellationToken cancel) =>
        {
            var filter = RequestFilter.Parse(http.Query);
            return filter.Failed ? filter.Failure.ToProblem() : (await list.HandleAsync(caller, filter.Value, cancel)).ToHttp();
        }).ForStaff(StaffRole.Agent, StaffRole.Auditor);
        api.MapGet("/requests/{reference}", async (string reference, StaffCaller caller, ReadRequest read, CancellationToken cancel) =>
        {
            var found = await read.HandleAsync(reference, caller, cancel);
            return found.Failed ? found.Failure.ToProblem() : Result<RequestDetail>.Of(found.Value.Detail).ToHttp();
        }).ForStaff(StaffRole.Agent, StaffRole.Auditor);
        api.MapStaffMoves();
        LiftRestriction.Map(api);
        api.MapTaskRoutes();
        api.MapRecipientRoutes();
        StopSystem.Map(api);
        RotateWebhookSecret.Map(api);
        SettleReimport.Map(api);
        StateRestore.Map(api);
        api.MapNoticeRoutes();
    }
}
