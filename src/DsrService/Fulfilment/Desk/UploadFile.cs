using DsrService.Staff;

namespace DsrService.Fulfilment.Desk;

/// <summary>A file that staff, or the owner of the system, hand over.</summary>
internal sealed class UploadFile(ReadTask tasks, ReceiveForm receive)
{
    public async Task<Result<TaskDetail>> HandleAsync(HttpContext context, string reference, Guid taskId, StaffCaller caller, CancellationToken cancel)
    {
        var found = await tasks.HandleAsync(reference, taskId, caller, cancel);
        if (found.Failed || !found.Value.CanComplete)
            return found.Failure ?? MoveClosed;
        var task = found.Value;
        return await receive.HandleAsync(context, task.Map.Controller.Key, task.Task.System, taskId, cancel) is { } failure ? failure : task;
    }

    private static Failure MoveClosed => new("task.has_ended", "This task takes no files any more.");
}
