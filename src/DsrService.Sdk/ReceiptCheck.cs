using DsrService.Sdk.Contracts;

namespace DsrService.Sdk;

/// <summary>One way in which a receipt contradicts its task or itself.</summary>
/// <param name="Code">A stable code, <c>receipt.reason</c>.</param>
/// <param name="Path">The JSON path of the member at fault, such as <c>items[0].found</c>.</param>
/// <param name="Message">What is wrong. No personal data and no value of the receipt other than counts.</param>
public sealed record ReceiptProblem(string Code, string Path, string Message);

/// <summary>Whether a receipt can be believed. The same rules hold in the system, before it sends, and in the service,
/// which refuses what breaks them with 422.</summary>
public static class ReceiptCheck
{
    /// <summary>Characters that a handle may have.</summary>
    public const int LongestHandle = 200;

    /// <summary>Characters that a message for the agent may have.</summary>
    public const int LongestMessage = 2000;

    private const int MaximumMessages = 50;
    private const int MaximumReasonLength = 300;
    private const int MaximumIdentifiers = 200;

    /// <summary>All problems of a receipt; empty if there is none.</summary>
    /// <param name="task">The task answered.</param>
    /// <param name="receipt">The receipt with its identifiers opened.</param>
    /// <param name="uploaded">Records that arrived, per category (<see cref="RecordCounter"/>); null where it is not known.
    /// Not looked at for a preview.</param>
    /// <param name="gives">Identifier kinds the system declared it gives; null where it is not known.</param>
    public static IReadOnlyList<ReceiptProblem> Check(
        SystemTask task,
        Receipt receipt,
        IReadOnlyDictionary<string, int>? uploaded = null,
        IReadOnlyCollection<string>? gives = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(receipt);
        // JSON has no way to forbid null within an array.
        if (receipt.Items.Contains(null!) || receipt.Messages.Contains(null!) || receipt.Identifiers?.Contains(null!) is true)
            return [new("receipt.null_element", "$", "No list of a receipt holds null.")];
        List<ReceiptProblem> problems = [];
        if (receipt.TaskId != task.TaskId)
            problems.Add(new("receipt.wrong_task", "taskId", "The receipt answers another task."));
        if (string.IsNullOrWhiteSpace(receipt.Handler) || receipt.Handler.Length > 200)
            problems.Add(new("receipt.handler_invalid", "handler", "The handler is a program and version of at most 200 characters."));
        for (var index = 0; index < receipt.Items.Count; index++)
            problems.AddRange(CheckItem(task, receipt.Items[index], $"items[{index}]"));
        problems.AddRange(CheckRepeated(receipt));
        problems.AddRange(CheckOutcome(task, receipt));
        if (!task.Preview && uploaded is not null && (uploaded.Count > 0 || receipt.Items.Any(item => item.Handed > 0)))
            problems.AddRange(CheckHanded(receipt, uploaded));
        problems.AddRange(CheckIdentifiers(receipt, gives));
        problems.AddRange(CheckMessages(receipt));
        return problems;
    }

    private static IEnumerable<ReceiptProblem> CheckItem(SystemTask task, ReceiptItem item, string path)
    {
        var counts = Counts(item);
        if (item.Found < 0 || item.Retained < 0 || counts.Any(count => count.Records < 0))
        {
            yield return new("receipt.negative_count", path, "Counts are not negative.");
            yield break;
        }
        var scope = task.Scope.FirstOrDefault(scope => scope.Category == item.Category);
        if (scope is null && (task.Scope.Count > 0 || Acts(task.Action)))
            yield return new("receipt.category_unknown", $"{path}.category", "The task does not name this category.");
        foreach (var (name, records) in counts)
            if (records > 0 && !Allowed(task.Action).Contains(name))
                yield return new("receipt.count_not_allowed", $"{path}.{name}",
                    $"A task with action '{DsrJson.Kebab(task.Action)}' has no '{name}'.");
        var happened = counts.Sum(count => (long)count.Records) + item.Retained;
        if (Acts(task.Action) ? happened != item.Found : happened > item.Found)
            yield return new("receipt.sum_mismatch", $"{path}.found",
                $"Found is {item.Found}, what happened to it adds up to {happened}.");
        if (scope is { Decision: ScopeDecision.Keep } && counts.Any(count => count.Records > 0))
            yield return new("receipt.kept_touched", path, "The task told to keep this category, the receipt says it was acted on.");
        if (item.Retained > 0 && string.IsNullOrWhiteSpace(item.Reason))
            yield return new("receipt.reason_missing", $"{path}.reason", "What is retained needs a reason.");
        if (item.Reason?.Length > MaximumReasonLength || item.LegalBasis?.Length > MaximumReasonLength)
            yield return new("receipt.reason_too_long", $"{path}.reason", $"Reason and legal basis have at most {MaximumReasonLength} characters.");
        if (item.Handle is not null && (item.Handle.Length is 0 or > LongestHandle || item.Handle.Any(char.IsControl)))
            yield return new("receipt.handle_invalid", $"{path}.handle",
                $"A handle has 1 to {LongestHandle} characters, none of them control characters.");
    }

    private static IEnumerable<ReceiptProblem> CheckRepeated(Receipt receipt)
    {
        HashSet<string> seen = [];
        for (var index = 0; index < receipt.Items.Count; index++)
            if (!seen.Add(receipt.Items[index].Category))
                yield return new("receipt.category_repeated", $"items[{index}].category", "One item a category.");
    }

    private static IEnumerable<ReceiptProblem> CheckOutcome(SystemTask task, Receipt receipt)
    {
        var found = receipt.Items.Any(item => item.Found > 0);
        var retained = receipt.Items.Where(item => item.Retained > 0).ToList();
        // Keeping what the task told to keep is doing all that was asked.
        var keptUnasked = retained.Any(item => !task.Scope.Any(
            scope => scope.Category == item.Category && scope.Decision is ScopeDecision.Keep));
        var problem = receipt.Outcome switch
        {
            ReceiptOutcome.NothingFound or ReceiptOutcome.NotHeld when found => "says that there is nothing, an item counts records",
            ReceiptOutcome.Refused when found => "refuses, an item counts records",
            ReceiptOutcome.Refused when receipt.Messages.Count == 0 => "refuses without a message that says why",
            ReceiptOutcome.PartlyRetained when retained.Count == 0 => "says that something is retained, no item does",
            ReceiptOutcome.Completed when keptUnasked => "says that all was done, an item retains records the task did not tell to keep",
            _ => null,
        };
        if (problem is not null)
            yield return new("receipt.outcome_mismatch", "outcome", $"The outcome {problem}.");
    }

    private static IEnumerable<ReceiptProblem> CheckHanded(Receipt receipt, IReadOnlyDictionary<string, int> uploaded)
    {
        var handed = receipt.Items.GroupBy(item => item.Category)
            .ToDictionary(group => group.Key, group => group.Sum(item => (long)item.Handed));
        foreach (var category in handed.Keys.Union(uploaded.Keys).Order(StringComparer.Ordinal))
        {
            var said = handed.GetValueOrDefault(category);
            var arrived = uploaded.GetValueOrDefault(category);
            if (said != arrived)
                yield return new("receipt.handed_mismatch", "items",
                    $"For one category handed is {said}, {arrived} arrived.");
        }
    }

    private static IEnumerable<ReceiptProblem> CheckIdentifiers(Receipt receipt, IReadOnlyCollection<string>? gives)
    {
        var identifiers = receipt.Identifiers ?? [];
        if (identifiers.Count > MaximumIdentifiers)
            yield return new("receipt.too_many_identifiers", "identifiers", $"At most {MaximumIdentifiers} identifiers.");
        for (var index = 0; index < identifiers.Count; index++)
        {
            if (string.IsNullOrWhiteSpace(identifiers[index].Value.Reveal()))
                yield return new("receipt.identifier_empty", $"identifiers[{index}].value", "An identifier has a value.");
            if (gives is not null && !gives.Contains(identifiers[index].Kind))
                yield return new("receipt.identifier_not_declared", $"identifiers[{index}].kind",
                    "The system does not declare that it gives this kind.");
        }
    }

    private static IEnumerable<ReceiptProblem> CheckMessages(Receipt receipt)
    {
        if (receipt.Messages.Count > MaximumMessages || receipt.Messages.Any(message => message.Length > LongestMessage))
            yield return new("receipt.messages_too_long", "messages",
                $"At most {MaximumMessages} messages of {LongestMessage} characters.");
    }

    /// <summary>Actions after which everything found is accounted for; the others look, or take note.</summary>
    private static bool Acts(TaskAction action) => action is TaskAction.Access or TaskAction.Export or TaskAction.Erase
        or TaskAction.Rectify or TaskAction.Restrict or TaskAction.StopProcessing;

    private static string[] Allowed(TaskAction action) => action switch
    {
        TaskAction.Access or TaskAction.Export => ["handed"],
        TaskAction.Erase => ["erased", "anonymised"],
        TaskAction.Rectify => ["rectified"],
        TaskAction.Restrict or TaskAction.LiftRestriction => ["restricted"],
        TaskAction.StopProcessing or TaskAction.ResumeProcessing => ["stopped"],
        TaskAction.Notify => ["erased", "anonymised", "rectified", "restricted", "stopped"],
        _ => [],
    };

    private static (string Name, int Records)[] Counts(ReceiptItem item) =>
    [
        ("handed", item.Handed), ("erased", item.Erased), ("anonymised", item.Anonymised),
        ("rectified", item.Rectified), ("restricted", item.Restricted), ("stopped", item.Stopped),
    ];
}
