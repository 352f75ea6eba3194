using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment;

/// <summary>A task's state after an operation on it.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Outcome">How it ended; absent while it has not.</param>
internal sealed record TaskOutput(Guid TaskId, TaskState State, ReceiptOutcome? Outcome)
{
    public static TaskOutput Of(RequestTask task) => new(task.Id, task.State, task.Outcome);
}
