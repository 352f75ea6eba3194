using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;
using Polly;

namespace DsrService.Connectors;

/// <summary>Pushes a task to the address of its system, signed as Standard Webhooks has it. Redirects are not followed.</summary>
internal sealed class HttpConnector(PushAddresses addresses, PushBreakers breakers) : IConnector, IDisposable
{
    private const int LargestAnswer = 1 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly ResiliencePipeline OneAttempt = new ResiliencePipelineBuilder().AddTimeout(Longest).Build();

    private readonly HttpMessageInvoker client = new(addresses.NewHandler());

    public Binding Binding => Binding.Http;

    public async Task<SendResult> SendAsync(OutgoingTask task, CancellationToken cancel)
    {
        if (!Uri.TryCreate(task.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return new SendResult.Failed("connector.no_address");
        if (task.WebhookSecret.Length == 0)
            return new SendResult.Failed("connector.no_credentials");
        return await breakers.RunAsync(task.Task.Controller, task.Task.System,
            async stop => await Transport.TryAsync(inner => PushAsync(address, task, inner), OneAttempt, code => new SendResult.Failed(code), stop), cancel);
    }

    public void Dispose() => client.Dispose();

    private async Task<SendResult> PushAsync(Uri address, OutgoingTask task, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(task.Task, DsrJson.Options);
        // The true clock: the receiver knows no other.
        var signed = StandardWebhooks.Sign($"task_{task.Task.TaskId:N}", TimeProvider.System.GetUtcNow(), body, task.FormerWebhookSecret is { } former ? [task.WebhookSecret, former] : [task.WebhookSecret]);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(StandardWebhooks.IdHeader, signed.Id);
        request.Headers.Add(StandardWebhooks.TimestampHeader, signed.Timestamp);
        request.Headers.Add(StandardWebhooks.SignatureHeader, signed.Signature);
        using var response = await client.SendAsync(request, cancel);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await ReadReceiptAsync(task.Task.TaskId, response, cancel),
            HttpStatusCode.Accepted => new SendResult.Accepted(),
            _ => new SendResult.Failed(
                string.Create(CultureInfo.InvariantCulture, $"connector.http_{(int)response.StatusCode}"), RetryAfter(response)),
        };
    }

    private static async Task<SendResult> ReadReceiptAsync(Guid task, HttpResponseMessage response, CancellationToken cancel)
    {
        if (await Transport.ReadAsync(response.Content, LargestAnswer, cancel) is not { } body)
            return new SendResult.Failed("connector.answer_too_large");
        try
        {
            return JsonSerializer.Deserialize<Receipt>(body, DsrJson.Options) is { Sealed: null } receipt && receipt.TaskId == task
                ? new SendResult.Answered(receipt)
                : new SendResult.Failed("connector.answer_unreadable");
        }
        catch (JsonException)
        {
            return new SendResult.Failed("connector.answer_unreadable");
        }
    }

    public static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > TimeProvider.System.GetUtcNow() => date - TimeProvider.System.GetUtcNow(),
        _ => null,
    };
}
