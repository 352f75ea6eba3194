namespace DsrService.Sdk.Bus;

/// <summary>Names of the queues and of the exchanges in front of them. One queue a system and one a kind of answer, since raw
/// JSON says nothing of its type.</summary>
public static class BusNames
{
    /// <summary>Takes <see cref="Contracts.TaskAccepted"/>.</summary>
    public const string Accepted = "dsr.service.accepted";

    /// <summary>Takes <see cref="Contracts.TaskHeartbeat"/>.</summary>
    public const string Heartbeat = "dsr.service.heartbeat";

    /// <summary>Takes <see cref="Contracts.Receipt"/>.</summary>
    public const string Receipt = "dsr.service.receipt";

    /// <summary>Takes <see cref="Contracts.TaskFailure"/>.</summary>
    public const string Failure = "dsr.service.failure";

    /// <summary>Takes <see cref="Contracts.SystemTask"/> for one system: <c>dsr.{controller}.{system}</c>.</summary>
    public static string Tasks(string controller, string system) => $"dsr.{controller}.{system}";

    /// <summary>Takes <see cref="Contracts.SubjectStateChanged"/> for one system that listens: <c>dsr.{controller}.{system}.states</c>.</summary>
    public static string States(string controller, string system) => $"dsr.{controller}.{system}.states";
}
