using DsrService.Fulfilment;

namespace DsrService.Connectors.Sql;

/// <summary>Has a task worked at the system's own database, here. The task is taken at once and answered when it is done, so
/// that a long one holds up no other.</summary>
internal sealed class SqlConnector(SqlSystems systems, RunSqlTasks run, SystemHealth health) : IConnector
{
    public Binding Binding => Binding.Sql;

    public async Task<SendResult> SendAsync(OutgoingTask task, CancellationToken cancel)
    {
        var (controller, system) = (task.Task.Controller, task.Task.System);
        var state = await systems.FindAsync(controller, system, cancel);
        if (state.System is { } ready)
        {
            run.Start(ready, task.Task);
            return new SendResult.Accepted();
        }
        await health.FailedAsync(controller, system, state.Problem!, cancel);
        return new SendResult.Failed(state.Problem!);
    }
}
