namespace DsrService.Requests;

/// <summary>Where a request stands. <see cref="RequestLifecycle"/> alone says which moves are allowed.</summary>
internal enum RequestStatus
{
    Received,
    AwaitingIdentity,
    Planned,
    InProgress,
    AwaitingDecision,
    Fulfilled,
    PartlyFulfilled,
    Refused,
    Withdrawn,
    Expired,
}

internal static class RequestStatuses
{
    public static readonly IReadOnlyList<RequestStatus> Open =
        [RequestStatus.Received, RequestStatus.AwaitingIdentity, RequestStatus.Planned, RequestStatus.InProgress, RequestStatus.AwaitingDecision];

    public static bool IsOpen(this RequestStatus status) => status <= RequestStatus.AwaitingDecision;
}
