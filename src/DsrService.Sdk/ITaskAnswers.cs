using DsrService.Sdk.Contracts;

namespace DsrService.Sdk;

/// <summary>The way back to the service: over the bus or over HTTP. A transport of one's own implements this and calls
/// <see cref="TaskProcessor"/>.</summary>
public interface ITaskAnswers
{
    /// <summary>Tells that the system has the task and will answer.</summary>
    Task AcceptAsync(SystemTask task, CancellationToken cancel);

    /// <summary>Tells that the system is still at work.</summary>
    Task HeartbeatAsync(SystemTask task, CancellationToken cancel);

    /// <summary>Sends the receipt; its identifiers are open and to be sealed where the way needs it.</summary>
    Task SendReceiptAsync(SystemTask task, Receipt receipt, CancellationToken cancel);

    /// <summary>Tells that this attempt failed; the service will ask again.</summary>
    Task SendFailureAsync(SystemTask task, TaskFailure failure, CancellationToken cancel);
}
