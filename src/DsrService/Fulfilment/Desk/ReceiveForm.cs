using DsrService.Hosting;
using DsrService.Response;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace DsrService.Fulfilment.Desk;

/// <summary>A file that a person hands over for an access or a portability, streamed into the encrypted store. It never
/// lies readable in a temporary folder, as a form that the framework reads would.</summary>
internal sealed class ReceiveForm(ReceiveUpload receive, IAntiforgery antiforgery, IOptions<DsrOptions> options)
{
    private const int LargestField = 16 * 1024;
    private const int LongestBoundary = 100;
    private const int MostFields = 16;
    private const string TokenHeader = "RequestVerificationToken";
    private static readonly Failure Unreadable = new("form.unreadable", "Choose the kind of data and a file.", StatusCodes.Status400BadRequest);

    /// <summary>Why the file was not taken; null where it was.</summary>
    public async Task<Failure?> HandleAsync(HttpContext context, string controller, string system, Guid task, CancellationToken cancel)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= LongestBoundary } boundary)
            return Unreadable;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = options.Value.LargestUpload + LargestField;
        var (reader, fields) = (new MultipartReader(boundary.ToString(), context.Request.Body), new Dictionary<string, string>());
        while (await reader.ReadNextSectionAsync(cancel) is { } section)
            if (section.AsFileSection() is { } file)
                return await ReceiveAsync(context, fields, file, section.ContentType, controller, system, task, cancel);
            // All of them are held in memory until the file, which alone may be large.
            else if (fields.Count == MostFields)
                return Unreadable;
            else if (section.AsFormDataSection() is { } field)
                fields[field.Name] = await ReadAsync(field, cancel);
        return Unreadable;
    }

    // The token stands before the file in the form: nothing is stored before it was seen.
    private async Task<Failure?> ReceiveAsync(HttpContext context, Dictionary<string, string> fields, FileMultipartSection file, string? contentType, string controller, string system, Guid task, CancellationToken cancel)
    {
        var token = fields.GetValueOrDefault("__RequestVerificationToken");
        context.Request.Headers[TokenHeader] = token;
        if (string.IsNullOrEmpty(token) || !await antiforgery.IsRequestValidAsync(context))
            return new Failure("form.expired", "The form was open for too long, or did not come from our page. Please open it again.", StatusCodes.Status400BadRequest);
        if (file.FileStream is null || string.IsNullOrEmpty(file.FileName) || fields.GetValueOrDefault("upload.category") is not { Length: > 0 } category)
            return Unreadable;
        // The name the file had says nothing to us and may be personal.
        return (await receive.HandleAsync(controller, system, task, null, category, contentType ?? "application/octet-stream", file.FileStream, cancel)).Failure;
    }

    private static async Task<string> ReadAsync(FormMultipartSection field, CancellationToken cancel)
    {
        var buffer = new char[LargestField];
        using var reader = new StreamReader(field.Section.Body);
        return new string(buffer, 0, await reader.ReadBlockAsync(buffer, cancel));
    }
}
