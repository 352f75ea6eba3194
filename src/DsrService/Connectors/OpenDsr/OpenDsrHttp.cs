using System.Net;
using System.Net.Http.Headers;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Speaks to peers over the same guard of addresses as every push: no redirect is followed, no cookie kept, no answer
/// read beyond its limit.</summary>
internal sealed class OpenDsrHttp(PushAddresses addresses) : IDisposable
{
    private const int LargestAnswer = 4 << 20;

    private readonly HttpMessageInvoker client = new(addresses.NewHandler());

    /// <summary>An answer, its body as it came.</summary>
    internal sealed record Answer(HttpStatusCode Status, byte[] Body, OpenDsrHeaders? Headers, TimeSpan? RetryAfter)
    {
        public bool TooLarge { get; init; }
    }

    public Task<Answer> SendAsync(HttpMethod method, Uri address, string? authorization, byte[]? body, CancellationToken cancel) =>
        SendAsync(method, address, authorization, body, [], cancel);

    /// <summary>The same with our own signature.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method, Uri address, string? authorization, byte[]? body, IReadOnlyList<(string Name, string Value)> signature, CancellationToken cancel)
    {
        using var request = NewRequest(method, address, authorization);
        foreach (var (name, value) in signature)
            request.Headers.Add(name, value);
        request.Headers.Accept.Add(new("application/json"));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        using var response = await client.SendAsync(request, cancel);
        var headers = OpenDsrHeaders.Read(name => response.Headers.TryGetValues(name, out var values) ? values : []);
        var answer = new Answer(response.StatusCode, [], headers, HttpConnector.RetryAfter(response));
        return await Transport.ReadAsync(response.Content, LargestAnswer, cancel) is { } read ? answer with { Body = read } : answer with { TooLarge = true };
    }

    /// <summary>Results, to be read as they arrive.</summary>
    public async Task<HttpResponseMessage> OpenAsync(Uri address, string? authorization, CancellationToken cancel)
    {
        using var request = NewRequest(HttpMethod.Get, address, authorization);
        return await client.SendAsync(request, cancel);
    }

    public void Dispose() => client.Dispose();

    private static HttpRequestMessage NewRequest(HttpMethod method, Uri address, string? authorization)
    {
        var request = new HttpRequestMessage(method, address);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return request;
    }
}
