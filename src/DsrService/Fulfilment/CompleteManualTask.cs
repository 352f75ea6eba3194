using DsrService.Data;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Fulfilment;

/// <summary>A person says what was done at a system without a connection. The same rules hold as for any receipt.</summary>
internal sealed class CompleteManualTask(DsrDbContext db, RecordReceipt receipts, IEnumerable<IManualTaskObserver> observers, TimeProvider time)
{
    /// <summary>As in the staff API; task id, time and handler are filled in here.</summary>
    internal sealed record Input
    {
        public required ReceiptOutcome Outcome { get; init; }
        public IReadOnlyList<ReceiptItem> Items { get; init; } = [];
        public IReadOnlyList<string> Messages { get; init; } = [];
    }

    public async Task<Result<TaskOutput>> HandleAsync(string reference, Guid taskId, Input input, StaffCaller caller, CancellationToken cancel)
    {
        var agentAt = caller.ControllersFor(StaffRole.Agent);
        var found = await (from task in db.Set<RequestTask>().AsNoTracking()
                           join request in db.Set<DataSubjectRequest>() on task.RequestId equals request.Id
                           where task.Id == taskId && request.Reference == reference
                           select task).SingleOrDefaultAsync(cancel);
        if (found is null || !agentAt.Contains(found.Controller) && !caller.Owns(found.Controller, found.System))
            return TaskFailures.NotFound;
        if (found.Binding != Binding.Manual)
            return new Failure("task.not_manual", "This system answers for itself.");
        if (found.State is TaskState.Planned)
            return new Failure("task.not_sent", "This task waits for other steps; it cannot be completed yet.");
        return await CompleteAsync(found, input, agentAt.Contains(found.Controller) ? "staff:agent" : "staff:system-owner", cancel);
    }

    /// <summary>The same by the vendor of the system, who is known by a link.</summary>
    /// <param name="controller">Whose system it is.</param>
    /// <param name="system">The vendor's own; another's task does not exist.</param>
    /// <param name="taskId">The item.</param>
    /// <param name="input">What was done.</param>
    /// <param name="handler">Who answers.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<Result<TaskOutput>> ByVendorAsync(string controller, string system, Guid taskId, Input input, string handler, CancellationToken cancel)
    {
        var found = await db.Set<RequestTask>().AsNoTracking()
            .SingleOrDefaultAsync(task => task.Id == taskId && task.Controller == controller && task.System == system && task.Binding == Binding.Manual && task.State != TaskState.Planned, cancel);
        return found is null ? TaskFailures.NotFound : await CompleteAsync(found, input, handler, cancel);
    }

    private async Task<Result<TaskOutput>> CompleteAsync(RequestTask found, Input input, string handler, CancellationToken cancel)
    {
        var result = await receipts.HandleAsync(found.Controller, found.System, new Receipt
        {
            TaskId = found.Id,
            Outcome = input.Outcome,
            Items = [.. input.Items.Select(item => WithScope(item, found))],
            Messages = input.Messages,
            HandledAt = time.GetUtcNow(),
            Handler = handler,
        }, cancel);
        if (!result.Failed)
            foreach (var observer in observers)
                await observer.CompletedAsync(found, input.Outcome, cancel);
        return result;
    }

    /// <summary>Where the plan told to keep the category, its reason and end date stand unless the person says others.</summary>
    private static ReceiptItem WithScope(ReceiptItem item, RequestTask task)
    {
        if (item.Retained == 0 || item is { Reason: not null, Until: not null })
            return item;
        var scope = task.ScopeItems.Find(scope => scope.Category == item.Category);
        return item with { Reason = item.Reason ?? scope?.Reason, Until = item.Until ?? scope?.Until };
    }
}

/// <summary>Told after a person has completed a manual task; the demo's stores follow suit.</summary>
internal interface IManualTaskObserver
{
    Task CompletedAsync(RequestTask task, ReceiptOutcome outcome, CancellationToken cancel);
}
