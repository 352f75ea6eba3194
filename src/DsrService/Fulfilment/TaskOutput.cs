using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment;

/// <summary>A task's state after an operation on it.</summary>
internal sealed record TaskOutput(Guid TaskId, TaskState State, ReceiptOutcome? Outcome)
{
    public static TaskOutput Of(RequestTask task) => new(task.Id, task.State, task.Outcome);
}
