using DsrService.Response;
using DsrService.Web;
using Microsoft.AspNetCore.Http.Features;

namespace DsrService.Connectors.Api;

/// <summary>A system hands over one part of what it found; streamed, so its size is no matter of memory.</summary>
internal static class UploadData
{
    public static void Map(IEndpointRouteBuilder systems) => systems.MapPut("/tasks/{id:guid}/data/{part}", HandleAsync).WithMetadata(
        new RouteText("uploadData", "One part of what was found", "Only for `access` and `export`. Streamed, so size is no matter of memory on either side. A part may be replaced until the receipt, whose `handed` must equal what arrived: a line of NDJSON is a record, any other file is one.")
        {
            Parameters =
            [
                ParameterText.Id,
                new("part", "path", true, "Name of the part; never a path, nothing personal.", new() { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$" }),
                new("Dsr-Category", "header", true, "A category that the task asks for.", new() { ["type"] = "string" }),
            ],
            Stream = "NDJSON (`application/x-ndjson`), an object a line, or a file of any type.",
            Answer = typeof(ReceiveUpload.Output),
            AnswerText = "Taken, in place of an earlier part of that name.",
            Problems =
            [
                new(400, "upload.part_invalid", "The name of the part is none."),
                new(400, "upload.content_type_invalid", "`Content-Type` cannot be read."),
                ProblemText.NoTask,
                new(409, "task.takes_no_data", "The task takes no data, or no longer."),
                new(413, "upload.too_large", "The part is larger than this installation takes."),
                new(422, "upload.category_not_asked", "The task asks for no such category."),
                new(422, "upload.not_ndjson", "A line is no JSON object."),
            ],
        });

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
