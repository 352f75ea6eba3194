using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Requests.Desk;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Web;

namespace DsrService.Restrictions;

/// <summary>A person ends the restriction that a request brought about, after it was answered: the data was checked, the
/// claim is over, the person decided otherwise.</summary>
internal sealed class LiftRestriction(DsrDbContext db, WorkSignal signal, RequestKeys keys, ScheduleLifting lifting)
{
    internal sealed record Input(string? Reason);

    internal sealed record Output(string Reference, DateOnly LiftedOn);

    public async Task<Result<Output>> HandleAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(reference, caller.ReadableControllers, cancel) is not { } request)
            return Failure.NotFound();
        if (!caller.Has(StaffRole.Approver, request.Controller))
            return MoveFailures.NotYours();
        var reason = StaffText.Required("reason", input.Reason, "Say what came of the check, or why the restriction ends.");
        if (reason.Failed)
            return reason.Failure;
        if (request.Right != Right.Restriction || request.Status is not (RequestStatus.Fulfilled or RequestStatus.PartlyFulfilled))
            return new Failure("restriction.none", "This request has restricted nothing that could be lifted.");
        var tasks = await Progress.TasksAsync(db, request, cancel);
        if (await lifting.AddAsync(request, keys.Open(request), caller.Actor, tasks, [.. tasks.Where(task => task.Action == TaskAction.Restrict)], reason.Value, cancel) is not { } on)
            return new Failure("restriction.none", "Nothing is restricted any more, or its lifting is under way.");
        await work.CommitAsync(cancel);
        return new Output(request.Reference, on);
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/requests/{reference}/lift-restriction", async (string reference, StaffCaller caller, HttpRequest http, LiftRestriction operation, CancellationToken cancel) =>
        {
            var input = await JsonBody.ReadOptionalAsync(http, new Input(null), StaffMoves.LargestBody, cancel);
            return input.Failed ? input.Failure.ToProblem() : (await operation.HandleAsync(reference, caller, input.Value, cancel)).ToHttp();
        }).ForStaff(StaffRole.Approver);
}
