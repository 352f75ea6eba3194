namespace DsrService.Sdk;

/// <summary>Thrown by a handler to say: not now, ask again. The service records the code and sends the task again.</summary>
/// <param name="code">A stable code, <c>area.reason</c>, such as <c>store.unavailable</c>.</param>
/// <param name="message">For the agent. No personal data.</param>
/// <param name="retryAfter">When to ask again; null leaves it to the service.</param>
public sealed class TaskFailedException(string code, string? message = null, TimeSpan? retryAfter = null)
    : Exception(message ?? code)
{
    /// <summary>The stable code.</summary>
    public string Code { get; } = code;

    /// <summary>For the agent. No personal data.</summary>
    public string? Remark { get; } = message;

    /// <summary>When to ask again; null leaves it to the service.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>Thrown by a handler that can say nothing at all, not even that it failed, such as one whose program is about to
/// end. The service hears nothing and asks again when it has waited long enough.</summary>
public sealed class TaskLeftException() : Exception("The task was left without an answer.");
