namespace DsrService.Fulfilment;

internal static class TaskFailures
{
    /// <summary>Another system's task does not exist for the caller.</summary>
    public static Failure NotFound => Failure.NotFound("task.not_found");

    public static Failure NotSent => new("task.not_sent", "This task has not been sent yet.");
}
