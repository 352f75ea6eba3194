using DsrService.Audit;
using DsrService.Data;
using DsrService.Staff;

namespace DsrService.Requests;

/// <summary>Says who works on a request: an agent of its controller, or nobody.</summary>
internal sealed class AssignRequest(DsrDbContext db, WorkSignal signal, StaffDirectory staff, AuditLog audit)
{
    public const string Nobody = "none";

    /// <summary>A user name or id; <c>none</c> for nobody; absent for the caller.</summary>
    internal sealed record Input(string? Assignee = null);

    public async Task<Result<DataSubjectRequest>> HandleAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, RequestMove.Assign, cancel);
        if (locked.Failed)
            return locked.Failure;
        var request = locked.Value;
        Guid? assignee = caller.Id;
        if (input.Assignee == Nobody)
            assignee = null;
        else if (!string.IsNullOrWhiteSpace(input.Assignee))
        {
            var name = AddStaff.Normalise(input.Assignee);
            var agents = await staff.AgentsAsync(request.Controller, cancel);
            if (agents.FirstOrDefault(agent => agent.UserName == name || agent.Id.ToString() == name) is not { } agent)
                return Failure.Invalid(new Dictionary<string, string[]> { ["assignee"] = ["No agent of this controller."] });
            assignee = agent.Id;
        }
        if (request.Assignee == assignee)
            return request;
        request.Assignee = assignee;
        audit.Record(db, request, caller.Actor, "request.assigned", new { assignee });
        await work.CommitAsync(cancel);
        return request;
    }
}
