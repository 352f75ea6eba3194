using DsrService.Data;
using DsrService.Staff;

namespace DsrService.Requests;

/// <summary>What every move of the staff asks first: is the request one of the caller's controllers, may the caller's
/// role make the move there, and does the table allow it from the present status.</summary>
internal static class StaffMove
{
    public static async Task<Result<DataSubjectRequest>> LockForAsync(this Work work, string reference, StaffCaller caller, RequestMove move, CancellationToken cancel)
    {
        if (await work.LockAsync(reference, caller.ReadableControllers, cancel) is not { } request)
            return Failure.NotFound();
        if (!caller.Has(RequestLifecycle.RoleFor(move)!.Value, request.Controller))
            return MoveFailures.NotYours();
        return RequestLifecycle.Allows(request.Status, move) ? request : MoveFailures.NotAllowed(request, caller);
    }
}
