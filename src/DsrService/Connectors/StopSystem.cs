using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Web;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors;

/// <summary>Stops one system, or all of a controller, and starts them again. Either happens at once and as often as it is
/// said; words are wished for and never waited for.</summary>
internal sealed class StopSystem(DsrDbContext db, WorkSignal signal, DataMaps maps, AuditLog audit, TimeProvider time)
{
    private const int LargestBody = 64 * 1024;

    internal sealed record Input(string? Reason = null);

    internal sealed record Output(string Controller, string? System, bool Stopped, DateTimeOffset? Since, string? Reason);

    public Task<Result<Output>> StopAsync(string controller, string system, StaffCaller caller, Input input, CancellationToken cancel) =>
        SetAsync(true, controller, system, caller, input, cancel);

    public Task<Result<Output>> StartAsync(string controller, string system, StaffCaller caller, Input input, CancellationToken cancel) =>
        SetAsync(false, controller, system, caller, input, cancel);

    private async Task<Result<Output>> SetAsync(bool stop, string controller, string system, StaffCaller caller, Input input, CancellationToken cancel)
    {
        if (!caller.Has(StaffRole.Admin, controller) || !await IsKnownAsync(controller, system, cancel))
            return Failure.NotFound("system.not_found");
        var words = StaffText.Optional("reason", input.Reason);
        if (words.Failed)
            return words.Failure;
        var reason = words.Value.Length == 0 ? null : words.Value;
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var installation = await Installation.LockAsync(db, cancel);
        var stops = await db.Set<SystemStop>().Where(row => row.Controller == controller).ToListAsync(cancel);
        var standing = stops.Find(row => row.System == system);
        if (!stop && system != SystemStop.All && stops.Exists(row => row.System == SystemStop.All))
            return new Failure("system.all_stopped", "All systems of this controller are stopped. Start them all first.");
        if (stop == standing is not null)
            return Said(controller, system, standing);
        if (stop)
            db.Add(standing = new SystemStop { Controller = controller, System = system, Since = time.GetUtcNow(), StoppedBy = caller.Id, Reason = reason });
        else
            db.Remove(standing!);
        audit.Record(db, installation, caller.Actor, stop ? "system.stopped" : "system.started",
            new { controller, system = system == SystemStop.All ? null : system, all = system == SystemStop.All ? true : (bool?)null, reason });
        await work.CommitAsync(cancel);
        return Said(controller, system, stop ? standing : null);
    }

    private static Output Said(string controller, string system, SystemStop? stop) =>
        new(controller, system == SystemStop.All ? null : system, stop is not null, stop?.Since, stop?.Reason);

    // One that the map has dropped may still have work of earlier requests.
    private async Task<bool> IsKnownAsync(string controller, string system, CancellationToken cancel) =>
        await maps.CurrentAsync(controller, cancel) is { } current
        && (system == SystemStop.All || current.Map.Systems.Any(row => row.Key == system)
            || await db.Set<RequestTask>().AnyAsync(task => task.Controller == controller && task.System == system, cancel));

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/systems/{controller}/{system}/stop", (string controller, string system, HttpRequest http, StaffCaller caller, StopSystem operation, CancellationToken cancel) =>
            AnswerAsync(http, input => operation.StopAsync(controller, system, caller, input, cancel), cancel)).ForStaff(StaffRole.Admin);
        api.MapPost("/systems/{controller}/{system}/start", (string controller, string system, HttpRequest http, StaffCaller caller, StopSystem operation, CancellationToken cancel) =>
            AnswerAsync(http, input => operation.StartAsync(controller, system, caller, input, cancel), cancel)).ForStaff(StaffRole.Admin);
        api.MapPost("/systems/{controller}/stop", (string controller, HttpRequest http, StaffCaller caller, StopSystem operation, CancellationToken cancel) =>
            AnswerAsync(http, input => operation.StopAsync(controller, SystemStop.All, caller, input, cancel), cancel)).ForStaff(StaffRole.Admin);
        api.MapPost("/systems/{controller}/start", (string controller, HttpRequest http, StaffCaller caller, StopSystem operation, CancellationToken cancel) =>
            AnswerAsync(http, input => operation.StartAsync(controller, SystemStop.All, caller, input, cancel), cancel)).ForStaff(StaffRole.Admin);
    }

    private static async Task<IResult> AnswerAsync(HttpRequest http, Func<Input, Task<Result<Output>>> set, CancellationToken cancel)
    {
        var input = await JsonBody.ReadOptionalAsync(http, new Input(), LargestBody, cancel);
        return input.Failed ? input.Failure.ToProblem() : (await set(input.Value)).ToHttp();
    }
}
