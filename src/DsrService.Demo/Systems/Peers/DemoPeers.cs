using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using DsrService.Connectors.OpenDsr;
using DsrService.Demo.Stores;
using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Systems.Peers;

/// <summary>The partners of the demo: each takes requests over OpenDSR, works them on its store and tells the controller of each
/// change by a signed callback.</summary>
internal sealed class DemoPeers(IReadOnlyList<DemoStore> stores, PeerStore requests, PeerSigner signer, IServiceScopeFactory scopes, TimeProvider clock,
    IHostApplicationLifetime life, ILogger<DemoPeers> log) : IDisposable
{
    private const string Handler = "demo-peer 1.0";
    private const int Tries = 5;

    private readonly ConcurrentDictionary<Guid, bool> atWork = [];
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public DemoStore? Find(string controller, string system) =>
        stores.FirstOrDefault(store => store.Controller == controller && store.Key == system && store.Binding is Binding.Opendsr);

    /// <summary>Works a request that waits, unless it is being worked already; after a restart too.</summary>
    public void Work(DemoStore store, StoredPeerRequest request)
    {
        if (request.Status is "pending" or "in_progress" && atWork.TryAdd(request.Task.TaskId, true))
            _ = Task.Run(() => RunAsync(store, request));
    }

    public static OpenDsrStatus Status(StoredPeerRequest request) => new()
    {
        ControllerId = request.Task.Controller,
        ExpectedCompletionTime = Instant(request.ReceivedAt.AddDays(14)),
        SubjectRequestId = request.Task.TaskId.ToString("D"),
        RequestStatus = request.Status,
        ApiVersion = "2.0",
        ResultsCount = request.Answer?.Receipt?.Items.Sum(item => item.Found),
        Extensions = request.Answer is null ? JsonSerializer.SerializeToElement<object?>(null) : JsonSerializer.SerializeToElement(
            new Dictionary<string, object> { [PeerSigner.Domain(request.Task.Controller, request.Task.System)] = new Dictionary<string, object> { [PeerWish.Extension] = request.Answer } },
            DsrJson.Options),
    };

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => client.Dispose();

    private async Task RunAsync(DemoStore store, StoredPeerRequest request)
    {
        var cancel = life.ApplicationStopping;
        var id = request.Task.TaskId;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var behaviour = await scope.ServiceProvider.GetRequiredService<Behaviours>().Of(store, cancel);
            if (behaviour is Behaviour.Silent or Behaviour.Down)
                return;
            if (request.Status == "pending")
            {
                // Called off in the meantime.
                if (!await requests.Move(id, "pending", "in_progress", null, cancel))
                    return;
                if (behaviour is Behaviour.Slow)
                    await TellAsync(store, id, cancel);
            }
            var answer = await AnswerAsync(scope.ServiceProvider, request, cancel);
            await requests.Move(id, "in_progress", "completed", answer, cancel);
            await TellAsync(store, id, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Worked again when the controller asks how far it is.
        }
        catch (TaskLeftException)
        {
            // Never heard of again.
        }
        catch (Exception error)
        {
            log.LogWarning("Request {Request} at the peer {Controller}/{System} failed: {Error}", id, store.Controller, store.Key, error.GetType().Name);
        }
        finally
        {
            atWork.TryRemove(id, out _);
        }
    }

    private async Task<ExtendedAnswer> AnswerAsync(IServiceProvider services, StoredPeerRequest request, CancellationToken cancel)
    {
        var (task, receipts) = (request.Task, services.GetRequiredService<DemoReceipts>());
        var receipt = await receipts.FindAsync(task.TaskId, cancel) is { } known ? Read(known) : null;
        if (receipt is null)
        {
            var draft = await services.GetRequiredService<DemoSystem>()
                .WorkAsync(task, (part, category, type, write, stop) => requests.Keep(task.TaskId, part, category, type, write, stop), cancel);
            receipt = draft.Complete(task, clock.GetUtcNow(), Handler);
            if (!task.Preview)
                receipt = Read(await receipts.SaveAsync(new(task.TaskId, task.Action, JsonSerializer.Serialize(receipt, DsrJson.Options)), cancel));
        }
        return new() { Receipt = receipt };
    }

    private static Receipt Read(StoredReceipt stored) => JsonSerializer.Deserialize<Receipt>(stored.Receipt, DsrJson.Options)!;

    // Whoever is not reached asks by itself in the end.
    private async Task TellAsync(DemoStore store, Guid id, CancellationToken cancel)
    {
        if (await requests.Find(store.Controller, store.Key, id, cancel) is not { Callback: { } callback } request)
            return;
        var (body, headers) = signer.Sign(store.Controller, store.Key, Status(request) with { StatusCallbackUrl = callback, Extensions = JsonSerializer.SerializeToElement<object?>(null) });
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            try
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, callback) { Content = new ByteArrayContent(body) };
                message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                message.Headers.TryAddWithoutValidation(OpenDsrHeaders.DomainName, headers.Domain);
                message.Headers.TryAddWithoutValidation(OpenDsrHeaders.SignatureName, headers.Signature);
                using var response = await client.SendAsync(message, cancel);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (attempt < Tries)
            {
                // Tried again.
            }
            await Task.Delay(TimeSpan.FromSeconds(attempt), TimeProvider.System, cancel);
        }
    }
}
