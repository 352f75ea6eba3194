using DsrService.Audit;
using DsrService.Data;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Web;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Restrictions;

/// <summary>A person has seen to an alarm: the data is gone again, or its owner has come back of their own will.</summary>
internal sealed class SettleReimport(DsrDbContext db, WorkSignal signal, AuditLog audit, TimeProvider time)
{
    private const int LargestBody = 64 * 1024;

    internal sealed record Input(string? Reason = null);

    internal sealed record Output(Guid Id, string System, string Reference, DateTimeOffset EndedAt);

    public async Task<Result<Output>> HandleAsync(Guid id, StaffCaller caller, Input input, CancellationToken cancel)
    {
        var controllers = caller.ControllersFor(StaffRole.Approver);
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var installation = await Installation.LockAsync(db, cancel);
        if (await db.Set<Reimport>().SingleOrDefaultAsync(row => row.Id == id && controllers.Contains(row.Controller), cancel) is not { } alarm)
            return Failure.NotFound("reimport.not_found");
        var reason = StaffText.Required("reason", input.Reason, "Say what came of it.");
        if (reason.Failed)
            return reason.Failure;
        if (alarm.EndedAt is null)
        {
            (alarm.EndedAt, alarm.EndedBy) = (time.GetUtcNow(), caller.Id);
            audit.Record(db, installation, caller.Actor, "reimport.settled", new { alarm.Controller, alarm.System, erased = alarm.Reference, reason = reason.Value });
            await work.CommitAsync(cancel);
        }
        return new Output(alarm.Id, alarm.System, alarm.Reference, alarm.EndedAt.Value);
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/reimports/{id:guid}/settle", async (Guid id, HttpRequest http, StaffCaller caller, SettleReimport operation, CancellationToken cancel) =>
        {
            var input = await JsonBody.ReadOptionalAsync(http, new Input(), LargestBody, cancel);
            return input.Failed ? input.Failure.ToProblem() : (await operation.HandleAsync(id, caller, input.Value, cancel)).ToHttp();
        }).ForStaff(StaffRole.Approver);
}
