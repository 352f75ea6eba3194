using System.Text.Json;
using DsrService.Sdk.Contracts;

namespace DsrService.Web;

/// <summary>Reads a JSON body by our rules, so that broken JSON, an unknown member or a wrong enumeration value gives the
/// same kind of problem as a missing field does, with the path under <c>errors</c>.</summary>
internal static class JsonBody
{
    public static async Task<Result<byte[]>> ReadBytesAsync(HttpRequest request, int limit, CancellationToken cancel)
    {
        if (!request.HasJsonContentType())
            return new Failure("http.unsupported_media_type", "Send application/json.", StatusCodes.Status415UnsupportedMediaType);
        if (request.ContentLength > limit)
            return TooLarge(limit);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancel)) > 0)
        {
            if (buffer.Length + read > limit)
                return TooLarge(limit);
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }

    public static async Task<Result<T>> ReadAsync<T>(HttpRequest request, int limit, CancellationToken cancel) where T : class
    {
        var bytes = await ReadBytesAsync(request, limit, cancel);
        return bytes.Failed ? bytes.Failure : Parse<T>(bytes.Value);
    }

    /// <summary>For calls that may come without a body.</summary>
    public static async Task<Result<T>> ReadOptionalAsync<T>(HttpRequest request, T nothing, int limit, CancellationToken cancel) where T : class
    {
        if (request.ContentType is null && request.ContentLength is null or 0)
            return nothing;
        var bytes = await ReadBytesAsync(request, limit, cancel);
        return bytes.Failed ? bytes.Failure : bytes.Value.Length == 0 ? nothing : Parse<T>(bytes.Value);
    }

    public static Result<T> Parse<T>(ReadOnlySpan<byte> json) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, DsrJson.Options) is { } value ? value : Invalid("$", "Must be an object.");
        }
        catch (JsonException error)
        {
            return Invalid(error.Path is { Length: > 2 } path ? path.TrimStart('$').TrimStart('.') : "$", Reason(error));
        }
    }

    private static Failure Invalid(string path, string reason) =>
        new("request.invalid", "Some fields need another look.", StatusCodes.Status400BadRequest) { Errors = new Dictionary<string, string[]> { [path] = [reason] } };

    private static Failure TooLarge(int limit) =>
        new("http.too_large", $"The body may hold {limit} bytes at most.", StatusCodes.Status413PayloadTooLarge);

    // Messages of the parser may quote the value: only our own are passed on.
    private static string Reason(JsonException error) =>
        error.Message.StartsWith("Not one of:", StringComparison.Ordinal) || error.Message.StartsWith("Not an instant", StringComparison.Ordinal)
            ? error.Message.Split(" Path:", 2)[0]
            : error.InnerException is null && error.Message.Contains("could not be mapped", StringComparison.Ordinal)
                ? "There is no such member here."
                : "Could not be read as JSON of the expected shape.";
}
