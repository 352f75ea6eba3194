using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using DsrService.Sdk.Contracts;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace DsrService.Sdk.Http;

/// <summary>The service's endpoints for connected systems: acceptance, heartbeat, data, receipt, failure, and the list of
/// tasks to fetch. Every call is tried up to three times; what lasts longer is the service's to ask again.</summary>
public sealed class SystemsApi(IHttpClientFactory clients)
{
    /// <summary>Name of the <see cref="HttpClient"/> used, for a program that wants its own handler.</summary>
    public const string ClientName = "dsr-systems-api";

    private static readonly ResiliencePipeline<HttpResponseMessage> Calls = Pipeline(TimeSpan.FromSeconds(20));
    // A transfer may be large; only the tries are limited.
    private static readonly ResiliencePipeline<HttpResponseMessage> Transfers = Pipeline(TimeSpan.FromHours(2));

    /// <summary>Tells that the system has the task and will answer.</summary>
    public Task AcceptAsync(ServiceConnection service, SystemTask task, CancellationToken cancel) =>
        PostAsync(service, Link(task).Accept, null, cancel);

    /// <summary>Tells that the system is still at work.</summary>
    public Task HeartbeatAsync(ServiceConnection service, SystemTask task, CancellationToken cancel) =>
        PostAsync(service, Link(task).Heartbeat, null, cancel);

    /// <summary>Sends the receipt, identifiers open.</summary>
    public Task SendReceiptAsync(ServiceConnection service, SystemTask task, Receipt receipt, CancellationToken cancel) =>
        PostAsync(service, Link(task).Receipt, receipt, cancel);

    /// <summary>Tells that this attempt failed.</summary>
    public Task SendFailureAsync(ServiceConnection service, SystemTask task, TaskFailure failure, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return PostAsync(service, Link(task).Failure, new { failure.Code, failure.Message, failure.RetryAfterSeconds }, cancel);
    }

    /// <summary>Hands over one part, streamed.</summary>
    public async Task UploadAsync(
        ServiceConnection service,
        SystemTask task,
        string part,
        string category,
        string contentType,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancel)
    {
        Uri address = new($"{Link(task).Data.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(part)}");
        using var response = await SendAsync(Transfers, service, () =>
        {
            HttpRequestMessage request = new(HttpMethod.Put, address) { Content = new WrittenContent(write) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
            request.Headers.Add("Dsr-Category", category);
            return request;
        }, cancel);
    }

    /// <summary>The tasks of this system that wait to be fetched, oldest first.</summary>
    /// <exception cref="TaskFailedException">The service could not be reached or refused.</exception>
    public async Task<IReadOnlyList<SystemTask>> FetchAsync(ServiceConnection service, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(service);
        Uri address = new(service.Address, "/systems/v1/tasks?state=sent");
        using var response = await SendAsync(Calls, service, () => new(HttpMethod.Get, address), cancel);
        return await response.Content.ReadFromJsonAsync<List<SystemTask>>(DsrJson.Options, cancel) ?? [];
    }

    /// <summary>Asks what holds for a person, before data is taken in again or used for something: a restriction, objections,
    /// an erasure. The service answers the same way and in the same time for people it does not know.</summary>
    /// <param name="service">The service.</param>
    /// <param name="kind">A kind of the controller's data map, such as <c>email</c>.</param>
    /// <param name="value">The value. Personal; it travels in the body and is not kept.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="TaskFailedException">The service could not be reached or refused; on 429 with the time to wait.</exception>
    public async Task<SubjectCheck> CheckSubjectAsync(ServiceConnection service, string kind, Personal<string> value, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(service);
        Uri address = new(service.Address, "/systems/v1/subjects/check");
        using var response = await SendAsync(Calls, service, () => new(HttpMethod.Post, address)
        {
            Content = JsonContent.Create(new { kind, value = value.Reveal() }, options: DsrJson.Options),
        }, cancel);
        return await response.Content.ReadFromJsonAsync<SubjectCheck>(DsrJson.Options, cancel)
            ?? throw new TaskFailedException("service.refused", "The answer was empty.");
    }

    private async Task PostAsync(ServiceConnection service, Uri address, object? body, CancellationToken cancel)
    {
        using var response = await SendAsync(Calls, service, () => new(HttpMethod.Post, address)
        {
            Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: DsrJson.Options),
        }, cancel);
    }

    private async Task<HttpResponseMessage> SendAsync(
        ResiliencePipeline<HttpResponseMessage> pipeline,
        ServiceConnection service,
        Func<HttpRequestMessage> make,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(service);
        using var client = clients.CreateClient(ClientName);
        HttpResponseMessage response;
        try
        {
            response = await pipeline.ExecuteAsync(async stop =>
            {
                using var request = make();
                if (!SameOrigin(request.RequestUri!, service.Address))
                    throw new TaskFailedException("task.foreign_link", "A link of the task leads to another origin than the service's.");
                request.Headers.Authorization = new("Bearer", service.Token);
                return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            }, cancel);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutRejectedException)
        {
            throw new TaskFailedException("service.unreachable", exception.GetType().Name);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new TaskFailedException("service.refused", await ReasonAsync(response, cancel), response.Headers.RetryAfter?.Delta);
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var status = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json")
            return status;
        var problem = await response.Content.ReadFromJsonAsync<Problem>(cancel);
        return $"{status} {problem?.Code}";
    }

    private static bool SameOrigin(Uri link, Uri service) =>
        link.Scheme == service.Scheme && link.IdnHost == service.IdnHost && link.Port == service.Port;

    private static TaskLinks Link(SystemTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Links ?? throw new TaskFailedException("task.links_missing", "The task has no links to answer at.");
    }

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(TimeSpan perTry) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(300),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
                {
                    { Exception: HttpRequestException or TimeoutRejectedException } => true,
                    { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout } => true,
                    { Result: { } response } => (int)response.StatusCode >= 500,
                    _ => false,
                }),
                OnRetry = arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    return default;
                },
            })
            .AddTimeout(perTry)
            .Build();

    private sealed record Problem(string? Code);
}
