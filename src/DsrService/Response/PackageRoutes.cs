using DsrService.Identity;
using DsrService.Staff;
using DsrService.Web;

namespace DsrService.Response;

/// <summary>The addresses at which a package is fetched.</summary>
internal static class PackageRoutes
{
    /// <summary>Role portal. An unknown reference and a foreign token answer alike.</summary>
    public static void MapPersonsPackage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/requests/{reference}/package", async (string reference, HttpContext context, DownloadPackage download, CancellationToken cancel) =>
            Send(context, await download.HandleAsync(reference, StatusAccess.BearerOf(context.Request), cancel)));

    /// <summary>Role desk: staff review what goes out.</summary>
    public static void MapStaffPackage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/desk/api/v1/requests/{reference}/package",
            async (string reference, HttpContext context, StaffCaller caller, DownloadPackage download, CancellationToken cancel) =>
                Send(context, await download.HandleAsync(reference, caller, cancel)))
            .ForStaff(StaffRole.Agent, StaffRole.Auditor);

    /// <summary>Streams a package out; broken off where its file was tampered with.</summary>
    public static IResult Send(HttpContext context, Result<DownloadPackage.Output> result)
    {
        if (result.Failed)
            return result.Failure.ToProblem();
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = result.Value.Length;
        return TypedResults.Stream(result.Value.Content, "application/zip", result.Value.FileName);
    }
}
