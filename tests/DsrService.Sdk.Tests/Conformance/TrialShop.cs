using DsrService.Sdk.Conformance;
using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Tests.Conformance;

/// <summary>What a system may get wrong while all its receipts add up.</summary>
public enum Flaw
{
    None,
    RestrictsNothing,
    LiftsNothing,
    RectifiesNothing,
    VerifiesNothing,
    ErasesWhatItWasToKeep,
    KeepsTooLong,
    BelievesAnyIdentifier,
}

/// <summary>A system that does all that can be asked of one, but for its flaw.</summary>
internal sealed class TrialShop(Flaw flaw) : ISystemUnderTest
{
    private sealed class Row(string email, string category, string text)
    {
        public string Handle { get; } = Guid.CreateVersion7().ToString();
        public string? Email { get; set; } = email;
        public string Category => category;
        public string Text { get; set; } = text;
        public Dictionary<TaskAction, bool> Marks { get; } = [];
    }

    private readonly Lock gate = new();
    private readonly List<Row> rows =
    [
        new("ada.lind@example.org", "account", "Ada Lind"), new("ada.lind@example.org", "orders", "A drum"), new("ada.lind@example.org", "orders", "Sticks"),
        new("bo.ek@example.org", "account", "Bo Ek"),
    ];

    private readonly Dictionary<Guid, (SystemTask Task, SystemAnswer Answer)> answered = [];

    public static SystemCapabilities Capabilities { get; } = new()
    {
        Actions = [.. Enum.GetValues<TaskAction>().Except([TaskAction.Notify, TaskAction.Export])],
        Needs = ["email"],
        CanPreview = true,
        CanBeAskedAgain = true,
    };

    public Task<SystemAnswer> AskAsync(SystemTask task, TimeSpan patience, CancellationToken cancel)
    {
        lock (gate)
        {
            if (!answered.TryGetValue(task.TaskId, out var former))
                answered[task.TaskId] = former = (task, Answer(task));
            return Task.FromResult(former.Answer);
        }
    }

    private SystemAnswer Answer(SystemTask task)
    {
        if (!Capabilities.Actions.Contains(task.Action))
            return new() { Failure = new(task.TaskId, "task.action_not_supported", null, null) };
        var items = task.Scope.Select(scope => Item(task, scope)).OfType<ReceiptItem>().ToList();
        return new()
        {
            Receipt = new()
            {
                TaskId = task.TaskId,
                Outcome = items.Count == 0 ? ReceiptOutcome.NothingFound : ReceiptOutcome.Completed,
                Items = items,
                HandledAt = task.IssuedAt,
                Handler = "trial-shop 1.0",
            },
            Uploaded = items.Where(item => item.Handed > 0).ToDictionary(item => item.Category, item => item.Handed),
        };
    }

    private ReceiptItem? Item(SystemTask task, ScopeItem scope)
    {
        var found = rows.FindAll(row => row.Category == scope.Category && (row.Handle == scope.Handle || task.Identifiers!.Any(identifier =>
            identifier.Value.Reveal() == row.Email && (identifier.Verified || flaw == Flaw.BelievesAnyIdentifier))));
        var count = found.Count;
        if (task.Action == TaskAction.Verify)
            return Verified(answered.TryGetValue(task.Verifies!.Value, out var earlier) ? earlier.Task : null, scope, found);
        if (count == 0)
            return null;
        var item = new ReceiptItem { Category = scope.Category, Found = count };
        switch (task.Action)
        {
            case TaskAction.Access:
                return item with { Handed = count };
            case TaskAction.Erase when scope.Decision == ScopeDecision.Keep:
                if (flaw == Flaw.ErasesWhatItWasToKeep)
                    rows.RemoveAll(found.Contains);
                return item with { Retained = count, Reason = scope.Reason, Until = flaw == Flaw.KeepsTooLong ? scope.Until?.AddYears(1) : scope.Until, Handle = found[0].Handle };
            case TaskAction.Erase:
                // The handle stands for all that was kept with it.
                if (scope.Handle is not null)
                    found = rows.FindAll(row => row.Category == scope.Category && row.Email == found[0].Email);
                if (!task.Preview)
                    rows.RemoveAll(found.Contains);
                return item with { Found = found.Count, Erased = found.Count };
            case TaskAction.Rectify:
                found.ForEach(row => row.Text = flaw == Flaw.RectifiesNothing ? row.Text : task.Corrections!.Single().Requested.Reveal()!);
                return item with { Rectified = count };
            case TaskAction.Locate:
                return item;
            default:
                var (begins, on) = Mark(task.Action);
                if (!(flaw == Flaw.RestrictsNothing && task.Action == TaskAction.Restrict || flaw == Flaw.LiftsNothing && task.Action == TaskAction.LiftRestriction))
                    found.ForEach(row => row.Marks[begins] = on);
                return begins switch
                {
                    TaskAction.Restrict => item with { Restricted = count },
                    TaskAction.StopProcessing => item with { Stopped = count },
                    _ => item,
                };
        }
    }

    private ReceiptItem? Verified(SystemTask? about, ScopeItem scope, List<Row> found)
    {
        if (flaw == Flaw.VerifiesNothing)
            return null;
        if (about is null or { Action: TaskAction.Erase })
            return found.Count == 0 ? null : new() { Category = scope.Category, Found = found.Count, Retained = scope.Decision == ScopeDecision.Keep ? found.Count : 0, Reason = scope.Reason };
        var left = about.Action == TaskAction.Rectify
            ? found.Count(row => row.Text != about.Corrections!.Single().Requested.Reveal())
            : found.Count(row => row.Marks.GetValueOrDefault(Mark(about.Action).Begins) != Mark(about.Action).On);
        return left == 0 ? null : new() { Category = scope.Category, Found = left };
    }

    private static (TaskAction Begins, bool On) Mark(TaskAction action) => action switch
    {
        TaskAction.LiftRestriction => (TaskAction.Restrict, false),
        TaskAction.ResumeProcessing => (TaskAction.StopProcessing, false),
        TaskAction.Release => (TaskAction.Preserve, false),
        _ => (action, true),
    };
}
