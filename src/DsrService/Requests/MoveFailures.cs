using DsrService.Sdk.Contracts;
using DsrService.Staff;

namespace DsrService.Requests;

/// <summary>The refusals that every move of the staff shares.</summary>
internal static class MoveFailures
{
    /// <summary>The status has no such move; says which ones the caller may make.</summary>
    public static Failure NotAllowed(DataSubjectRequest request, StaffCaller caller) =>
        new("request.move_not_allowed", "The request does not allow this now.")
        {
            Extensions = new Dictionary<string, object?>
            {
                ["status"] = DsrJson.Kebab(request.Status),
                ["allowedMoves"] = caller.MovesAt(request.Controller, request.Status).Select(move => DsrJson.Kebab(move)).ToArray(),
            },
        };

    /// <summary>The caller knows the request, but the move is for another role.</summary>
    public static Failure NotYours() =>
        new("staff.forbidden", "Your role at this controller does not include this.", StatusCodes.Status403Forbidden);
}
