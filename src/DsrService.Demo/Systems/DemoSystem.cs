using DsrService.Demo.Stores;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.Options;

namespace DsrService.Demo.Systems;

/// <summary>One connected system as its owner would write it: a task comes in, its store does the work. It behaves as it
/// has been told.</summary>
internal sealed class DemoSystem(IReadOnlyList<DemoStore> stores, Behaviours behaviours, DemoReceipts receipts, IOptions<DemoOptions> options)
{
    public Task<ReceiptDraft> WorkAsync(TaskContext task, CancellationToken cancel) => WorkAsync(task.Task, task.UploadAsync, cancel);

    public async Task<ReceiptDraft> WorkAsync(SystemTask task, UploadPart upload, CancellationToken cancel)
    {
        var store = stores.Single(one => one.Controller == task.Controller && one.Key == task.System);
        var behaviour = await behaviours.Of(store, cancel);
        switch (behaviour)
        {
            case Behaviour.Down:
                throw new TaskFailedException("store.unavailable", "The store does not answer.");
            case Behaviour.Silent:
                throw new TaskLeftException();
            case Behaviour.Refuses:
                return ReceiptDraft.Refused("This system was told to refuse.");
            case Behaviour.Slow:
                // By the machine's clock: moving the demo's clock makes no system quicker.
                await Task.Delay(options.Value.SlowFor, TimeProvider.System, cancel);
                break;
        }

        var work = await receipts.Begin(store, task, cancel);
        return behaviour is Behaviour.Lies && Changes(task.Action)
            ? await WorkTask.Lie(work, upload, cancel)
            : await WorkTask.Handle(work, upload, cancel);
    }

    private static bool Changes(TaskAction action) =>
        action is not (TaskAction.Locate or TaskAction.Access or TaskAction.Export or TaskAction.Verify);
}
