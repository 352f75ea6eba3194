using System.Collections.Concurrent;
using System.Net;
using DsrService.Fulfilment;
using DsrService.Response;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Fetches what a peer found from where it says it lies, streamed into the same upload as any system's, and then
/// records the receipt. Beside the sending, which large results would hold up; what a restart cuts short is begun anew.</summary>
internal sealed class FetchResults(OpenDsrHttp http, IServiceScopeFactory scopes, IHostApplicationLifetime life, ILogger<FetchResults> log)
{
    private const int MostParts = 1000;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    private readonly ConcurrentDictionary<Guid, bool> fetching = [];

    public bool IsFetching(Guid task) => fetching.ContainsKey(task);

    public void Start(OpenDsrPeer peer, SystemTask task, Receipt receipt, IReadOnlyList<PeerResult> parts)
    {
        if (fetching.TryAdd(task.TaskId, true))
            _ = Task.Run(() => RunAsync(peer, task, receipt, parts));
    }

    private async Task RunAsync(OpenDsrPeer peer, SystemTask task, Receipt receipt, IReadOnlyList<PeerResult> parts)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(life.ApplicationStopping);
        stop.CancelAfter(Longest);
        try
        {
            var failure = await FetchAsync(peer, task, receipt, parts, stop.Token);
            if (failure is not null)
                await FailAsync(task, failure, stop.Token);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            await TryFailAsync(task, Failed(task, error is HttpRequestException refused ? Transport.Code(refused) : Transport.Unreachable));
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested)
        {
            // The next start begins anew.
        }
        catch (Exception error)
        {
            // What it says may quote an address of results, which is a secret.
            log.LogError("Fetching results of task {Task} failed: {Error}", task.TaskId, error.GetType().Name);
            await TryFailAsync(task, Failed(task, "opendsr.results_failed"));
        }
        finally
        {
            fetching.TryRemove(task.TaskId, out _);
        }
    }

    private async Task<TaskFailure?> FetchAsync(OpenDsrPeer peer, SystemTask task, Receipt receipt, IReadOnlyList<PeerResult> parts, CancellationToken cancel)
    {
        if (parts.Count > MostParts)
            return Failed(task, "opendsr.too_many_results");
        var found = new List<ReceiptItem>();
        foreach (var part in parts)
        {
            if (part.Url is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
                return Failed(task, "opendsr.results_address");
            using var response = await http.OpenAsync(part.Url, peer.AuthorizationFor(part.Url), cancel);
            if (response.StatusCode != HttpStatusCode.OK)
                return Failed(task, response.StatusCode == HttpStatusCode.Gone ? "opendsr.results_gone" : "opendsr.results_failed");
            var type = part.ContentType.Length > 0 ? part.ContentType : response.Content.Headers.ContentType?.ToString();
            await using var content = await response.Content.ReadAsStreamAsync(cancel);
            await using var scope = scopes.CreateAsyncScope();
            var taken = await scope.ServiceProvider.GetRequiredService<ReceiveUpload>()
                .HandleAsync(task.Controller, task.System, task.TaskId, part.Part, part.Category, type, content, cancel);
            if (taken.Failed)
                return taken.Failure.AtTask(task.TaskId);
            found.Add(new() { Category = part.Category, Found = taken.Value.Records, Handed = taken.Value.Records });
        }
        return await RecordAsync(task, receipt.Items.Count > 0 || receipt.Handler != ReadPeerStatus.Handler ? receipt : receipt with { Items = found }, cancel);
    }

    private async Task<TaskFailure?> RecordAsync(SystemTask task, Receipt receipt, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var recorded = await scope.ServiceProvider.GetRequiredService<RecordReceipt>().HandleAsync(task.Controller, task.System, receipt, cancel);
        return recorded.Failure?.AtTask(task.TaskId);
    }

    private async Task TryFailAsync(SystemTask task, TaskFailure failure)
    {
        try
        {
            await FailAsync(task, failure, life.ApplicationStopping);
        }
        catch (Exception error)
        {
            // The row's next attempt asks again.
            log.LogError("What became of the results of task {Task} could not be recorded: {Error}", task.TaskId, error.GetType().Name);
        }
    }

    private async Task FailAsync(SystemTask task, TaskFailure failure, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RecordFailure>().HandleAsync(task.Controller, task.System, failure, cancel);
    }

    private static TaskFailure Failed(SystemTask task, string code) => new(task.TaskId, code, null, null);
}
