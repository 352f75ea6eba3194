using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Http;

/// <summary>Answers over the links of the task.</summary>
internal class HttpAnswers(SystemsApi api, ServiceConnection connection) : ITaskAnswers
{
    public virtual Task AcceptAsync(SystemTask task, CancellationToken cancel) => api.AcceptAsync(connection, task, cancel);

    public Task HeartbeatAsync(SystemTask task, CancellationToken cancel) => api.HeartbeatAsync(connection, task, cancel);

    public virtual Task SendReceiptAsync(SystemTask task, Receipt receipt, CancellationToken cancel) =>
        api.SendReceiptAsync(connection, task, receipt, cancel);

    public Task SendFailureAsync(SystemTask task, TaskFailure failure, CancellationToken cancel) =>
        api.SendFailureAsync(connection, task, failure, cancel);
}

/// <summary>Answers a pushed task in its own response while that is still open, and over the links afterwards.</summary>
internal sealed class PushAnswers(SystemsApi api, ServiceConnection connection) : HttpAnswers(api, connection)
{
    private readonly TaskCompletionSource<Receipt?> response = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The receipt if it comes in time, else null; after that it goes over the links.</summary>
    public async Task<Receipt?> AtOnceAsync(TimeSpan within)
    {
        using CancellationTokenSource late = new(within);
        await using var registration = late.Token.Register(Leave);
        return await response.Task;
    }

    /// <summary>The response goes out without a receipt.</summary>
    public void Leave() => response.TrySetResult(null);

    // The response, 202 if no receipt is in it, is the acceptance.
    public override Task AcceptAsync(SystemTask task, CancellationToken cancel) => Task.CompletedTask;

    public override Task SendReceiptAsync(SystemTask task, Receipt receipt, CancellationToken cancel) =>
        response.TrySetResult(receipt) ? Task.CompletedTask : base.SendReceiptAsync(task, receipt, cancel);
}
