using DsrService.Staff;
using DsrService.Web;

namespace DsrService.Notices;

/// <summary>What staff do with messages: a failed one is sent again, and those that no move sends are written.</summary>
internal static class NoticeRoutes
{
    public const string Again = "notice-again";
    private const int LargestBody = 64 * 1024;

    public static void MapNoticeRoutes(this IEndpointRouteBuilder api)
    {
        api.MapPost("/requests/{reference}/notices/{notice:guid}/retry", async (string reference, Guid notice, StaffCaller caller, RetryNotice retry, CancellationToken cancel) =>
            (await retry.HandleAsync(reference, notice, caller, cancel)).ToHttp()).ForStaff(StaffRole.Agent);
        api.MapPost("/requests/{reference}/letters", async (string reference, bool? preview, StaffCaller caller, HttpRequest http, SendLetter send, CancellationToken cancel) =>
        {
            var input = await JsonBody.ReadAsync<SendLetter.Input>(http, LargestBody, cancel);
            return input.Failed ? input.Failure.ToProblem() : (await send.HandleAsync(reference, input.Value, preview == true, caller, cancel)).ToHttp();
        }).ForStaff(StaffRole.Agent);
    }

    public static void MapNoticeForms(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/desk/requests/{reference}/notices/{notice:guid}/retry", async (string reference, Guid notice, HttpContext context, StaffCaller caller, RetryNotice retry, CancellationToken cancel) =>
        {
            var form = await FormBody.ReadAsync(context, cancel);
            if (form.Failed)
                return form.Failure.ToPage();
            var made = await retry.HandleAsync(reference, notice, caller, cancel);
            return made.Failed ? made.Failure.ToPage() : Results.LocalRedirect($"/desk/requests/{reference}?done={Again}");
        }).ForStaffPages(StaffRole.Agent);
}
