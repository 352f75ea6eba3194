using DsrService.Staff;
using DsrService.Web;

namespace DsrService.Fulfilment.Desk;

/// <summary>What staff and owners of systems do with single tasks, and what they see of systems.</summary>
internal static class TaskRoutes
{
    private const int LargestBody = 256 * 1024;

    private sealed record SetAsideInput(string? Reason = null);

    public static void MapTaskRoutes(this IEndpointRouteBuilder api)
    {
        var task = api.MapGroup("/requests/{reference}/tasks/{task:guid}");
        task.MapPost("/retry", async (string reference, Guid task, StaffCaller caller, RetryTask retry, CancellationToken cancel) =>
            (await retry.HandleAsync(reference, task, caller, cancel)).ToHttp()).ForStaff(StaffRole.Agent);
        task.MapPost("/set-aside", async (string reference, Guid task, StaffCaller caller, HttpRequest http, SetAsideTask setAside, CancellationToken cancel) =>
        {
            var input = await JsonBody.ReadOptionalAsync(http, new SetAsideInput(), LargestBody, cancel);
            return input.Failed ? input.Failure.ToProblem() : (await setAside.HandleAsync(reference, task, input.Value.Reason, caller, cancel)).ToHttp();
        }).ForStaff(StaffRole.Agent);
        task.MapPost("/complete", async (string reference, Guid task, StaffCaller caller, HttpRequest http, CompleteManualTask complete, CancellationToken cancel) =>
        {
            var input = await JsonBody.ReadAsync<CompleteManualTask.Input>(http, LargestBody, cancel);
            return input.Failed ? input.Failure.ToProblem() : (await complete.HandleAsync(reference, task, input.Value, caller, cancel)).ToHttp();
        }).ForStaff(StaffRole.Agent, StaffRole.SystemOwner);

        api.MapGet("/tasks", async (StaffCaller caller, HttpRequest http, ListTasks list, CancellationToken cancel) =>
        {
            var filter = TaskFilter.Parse(http.Query);
            return filter.Failed ? filter.Failure.ToProblem() : (await list.HandleAsync(caller, filter.Value, cancel)).ToHttp();
        }).ForStaff(StaffRole.Agent, StaffRole.Auditor, StaffRole.SystemOwner);
        api.MapGet("/systems", async (StaffCaller caller, ListSystems list, CancellationToken cancel) =>
            Result<IReadOnlyList<SystemView>>.Of(await list.HandleAsync(caller, cancel)).ToHttp()).ForStaff(StaffRole.Agent, StaffRole.Auditor, StaffRole.Admin);
    }
}
