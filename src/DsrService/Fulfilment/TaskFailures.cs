using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment;

internal static class TaskFailures
{
    /// <summary>Another system's task does not exist for the caller.</summary>
    public static Failure NotFound => Failure.NotFound("task.not_found");

    /// <summary>A refusal as its task shows it: the code and every reason.</summary>
    public static TaskFailure AtTask(this Failure refusal, Guid task) => new(task, refusal.Code, refusal.Details, null);

    public static Failure NotSent => new("task.not_sent", "This task has not been sent yet.");
}
