using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;

namespace DsrService.Sdk.Conformance;

/// <summary>A system to which tasks are pushed, signed, and that answers in its response or over the links. Its own checks are
/// those of the signature and of what is no task.</summary>
/// <param name="service">Where it answers.</param>
/// <param name="address">Where it takes tasks.</param>
/// <param name="secret">The webhook secret (<c>whsec_…</c>).</param>
/// <param name="client">Sends; must not follow redirects.</param>
public sealed class PushedSystem(StandInService service, Uri address, string secret, HttpMessageInvoker client) : ISystemUnderTest
{
    private delegate WebhookHeaders Signing(string id, byte[] body);

    /// <inheritdoc/>
    public IReadOnlyList<(string Check, Func<SystemTask, CancellationToken, Task<string?>> Try)> OwnChecks =>
    [
        ("it refuses a task that is not signed", (task, cancel) => RefusesAsync(task, (_, _) => new("", "", ""), cancel)),
        ("it refuses another's signature", (task, cancel) => RefusesAsync(task, (id, body) => StandardWebhooks.Sign(id, Now, body, StandardWebhooks.NewSecret()), cancel)),
        ("it refuses a signature of ten minutes ago", (task, cancel) => RefusesAsync(task, (id, body) => StandardWebhooks.Sign(id, Now.AddMinutes(-10), body, secret), cancel)),
        ("it refuses a body that was changed", (task, cancel) => RefusesAsync(task, (id, _) => StandardWebhooks.Sign(id, Now, "{}"u8, secret), cancel)),
        ("it takes a signature beside one of a version it does not know", TakesBothAsync),
        ("it refuses what is no task, and says so with a status of 4xx", async (_, cancel) => Said(await PushAsync(
            Guid.CreateVersion7(), "{ \"taskId\": 1, "u8.ToArray(), Signed, cancel), status => (int)status is >= 400 and < 500)),
    ];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <inheritdoc/>
    public async Task<SystemAnswer> AskAsync(SystemTask task, TimeSpan patience, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(task);
        service.Expect(task);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(patience);
        try
        {
            var (status, receipt, said) = await PushAsync(task.TaskId, Body(task), Signed, late.Token);
            if (receipt is not null)
                service.Take(receipt);
            return status switch
            {
                HttpStatusCode.OK when receipt is null || receipt.TaskId != task.TaskId => new() { Silence = "200 without a receipt for the task" },
                HttpStatusCode.OK => new() { Receipt = receipt, Uploaded = service.Uploaded(task.TaskId) },
                HttpStatusCode.Accepted => await service.AnswerAsync(task.TaskId, patience, cancel),
                _ => new() { Silence = string.Create(CultureInfo.InvariantCulture, $"http {(int)status}{said}"), Refused = (int)status is >= 400 and < 500 },
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new() { Silence = $"nothing within {patience.TotalSeconds:0} s" };
        }
        catch (HttpRequestException unreachable)
        {
            return new() { Silence = $"unreachable: {unreachable.HttpRequestError}" };
        }
    }

    private async Task<string?> RefusesAsync(SystemTask task, Signing sign, CancellationToken cancel)
    {
        task = task with { TaskId = Guid.CreateVersion7() };
        return Said(await PushAsync(task.TaskId, Body(task), sign, cancel), status => (int)status is >= 400 and < 500);
    }

    private async Task<string?> TakesBothAsync(SystemTask task, CancellationToken cancel)
    {
        service.Expect(task);
        return Said(await PushAsync(task.TaskId, Body(task), (id, body) =>
        {
            var headers = StandardWebhooks.Sign(id, Now, body, secret);
            return headers with { Signature = $"v9,AAAA {headers.Signature}" };
        }, cancel), status => status is HttpStatusCode.OK or HttpStatusCode.Accepted);
    }

    private static string? Said((HttpStatusCode Status, Receipt? Receipt, string Said) answer, Predicate<HttpStatusCode> right) =>
        right(answer.Status) ? null : string.Create(CultureInfo.InvariantCulture, $"it answered {(int)answer.Status}{answer.Said}");

    private WebhookHeaders Signed(string id, byte[] body) => StandardWebhooks.Sign(id, Now, body, secret);

    private byte[] Body(SystemTask task) => JsonSerializer.SerializeToUtf8Bytes(service.Linked(task), DsrJson.Options);

    private async Task<(HttpStatusCode Status, Receipt? Receipt, string Said)> PushAsync(Guid task, byte[] body, Signing sign, CancellationToken cancel)
    {
        var headers = sign($"task_{task:N}", body);
        using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in new[] { (StandardWebhooks.IdHeader, headers.Id), (StandardWebhooks.TimestampHeader, headers.Timestamp), (StandardWebhooks.SignatureHeader, headers.Signature) })
            if (value.Length > 0)
                request.Headers.Add(name, value);
        using var response = await client.SendAsync(request, cancel);
        var answer = await response.Content.ReadAsByteArrayAsync(cancel);
        return response.StatusCode == HttpStatusCode.OK ? (response.StatusCode, Read(answer), "") : (response.StatusCode, null, Beginning(answer));
    }

    // Of an error, so that whoever wrote the system sees which it was.
    private static string Beginning(byte[] answer)
    {
        var text = string.Join(' ', Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 200))).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        return text.Length == 0 ? "" : $" ({string.Concat(text.Where(letter => !char.IsControl(letter)))})";
    }

    private static Receipt? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Receipt>(body, DsrJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
