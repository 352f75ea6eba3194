using Polly;
using Polly.Timeout;

namespace DsrService.Connectors;

/// <summary>What the network or the other side does to an attempt, in stable codes; and answers that are never read beyond a limit.</summary>
internal static class Transport
{
    /// <summary>Runs one attempt; what the network does to it becomes <paramref name="failed"/> of a code.</summary>
    public static async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> attempt, ResiliencePipeline pipeline, Func<string, T> failed, CancellationToken cancel)
    {
        try
        {
            return await pipeline.ExecuteAsync(async stop => await attempt(stop), cancel);
        }
        catch (TimeoutRejectedException)
        {
            return failed("connector.timeout");
        }
        catch (HttpRequestException error)
        {
            return failed(Code(error));
        }
        catch (IOException)
        {
            return failed(Unreachable);
        }
    }

    public const string Unreachable = "connector.unreachable";

    public static string Code(HttpRequestException error) => error.InnerException is AddressRefusedException ? "connector.address_refused" : Unreachable;

    /// <summary>The whole body; null where it is longer than the limit.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        await using var stream = await content.ReadAsStreamAsync(cancel);
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancel)) > 0)
        {
            if (buffer.Length + read > limit)
                return null;
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }
}
