using DsrService.Response;
using DsrService.Web;
using Microsoft.AspNetCore.Http.Features;

namespace DsrService.Connectors.Api;

/// <summary>A system hands over one part of what it found; streamed, so its size is no matter of memory.</summary>
internal static class UploadData
{
    public static void Map(IEndpointRouteBuilder systems) => systems.MapPut("/tasks/{id:guid}/data/{part}", HandleAsync);

    private static async Task<IResult> HandleAsync(
        Guid id, string part, HttpContext http, SystemCaller caller, ReceiveUpload operation, CancellationToken cancel)
    {
        // The operation has a limit of its own, with a problem document.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var category = http.Request.Headers["Dsr-Category"].ToString();
        var result = await operation.HandleAsync(
            caller.Controller, caller.System, id, part, category, http.Request.ContentType, http.Request.Body, cancel);
        return result.ToHttp();
    }
}
