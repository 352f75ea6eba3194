using DsrService.Staff;
using static DsrService.Requests.RequestMove;
using static DsrService.Requests.RequestStatus;

namespace DsrService.Requests;

/// <summary>The one table of allowed moves. Nothing else sets the status of a request. The picture is in src/README.md.</summary>
internal static class RequestLifecycle
{
    private static readonly RequestStatus[] Open = [.. RequestStatuses.Open];

    private static readonly IReadOnlyList<Row> Table =
    [
        new(AskIdentity, [Received], AwaitingIdentity, Service),
        new(RequestMove.Plan, [Received, AwaitingIdentity, Planned], Planned, Service),
        new(Approve, [Planned], InProgress, StaffRole.Approver),
        new(Start, [Planned], InProgress, Service),
        new(EndTasks, [InProgress], AwaitingDecision, Service),
        new(ReopenTasks, [AwaitingDecision], InProgress, Service),
        new(Expire, [Received, AwaitingIdentity], Expired, Service),
        new(Reopen, [Expired], AwaitingIdentity, Service),
        new(Refuse, Open, Refused, StaffRole.Approver),
        new(Withdraw, Open, Withdrawn, StaffRole.Agent),
        new(Answer, [AwaitingDecision], Fulfilled, StaffRole.Approver),
        new(Answer, [AwaitingDecision], PartlyFulfilled, StaffRole.Approver),
        new(Assign, Open, null, StaffRole.Agent),
        new(Note, Open, null, StaffRole.Agent),
        new(Extend, Open, null, StaffRole.Agent),
        new(Suspend, Open, null, StaffRole.Agent),
        new(Resume, Open, null, StaffRole.Agent),
        new(Hold, Open, null, StaffRole.Agent),
        new(ReleaseHold, Open, null, StaffRole.Agent),
    ];

    private static StaffRole? Service => null;

    /// <summary>The status after the move, or null where the table has no such move from there.
    /// <paramref name="target"/> chooses where a move has two ends.</summary>
    public static RequestStatus? After(RequestStatus from, RequestMove move, RequestStatus? target = null)
    {
        foreach (var row in Table)
            if (row.Move == move && row.From.Contains(from) && (target is null || row.To is null || row.To == target))
                return row.To ?? from;
        return null;
    }

    public static bool Allows(RequestStatus from, RequestMove move) => After(from, move) is not null;

    /// <summary>The moves open to a role from a status, in the order of the table.</summary>
    public static IReadOnlyList<RequestMove> MovesFor(RequestStatus from, StaffRole role) =>
        [.. Table.Where(row => row.From.Contains(from) && row.Role is { } least && role.Includes(least))
            .Select(row => row.Move).Distinct()];

    /// <summary>The least role that may make a staff move; null for moves of the service.</summary>
    public static StaffRole? RoleFor(RequestMove move) => Table.FirstOrDefault(row => row.Move == move)?.Role;

    public static bool Includes(this StaffRole role, StaffRole least) =>
        role <= StaffRole.Officer && least <= StaffRole.Officer ? role >= least : role == least;

    private sealed record Row(RequestMove Move, RequestStatus[] From, RequestStatus? To, StaffRole? Role);
}
