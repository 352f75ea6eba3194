using DsrService.Sdk.Contracts;

namespace DsrService.Sdk;

/// <summary>What a handler says became of the data; the receipt is made from it. Counts of the same category add up, and
/// <c>found</c> is their sum. A draft with nothing in it says that nothing was found.</summary>
public sealed class ReceiptDraft
{
    private readonly Dictionary<string, ReceiptItem> items = [];
    private readonly List<SubjectIdentifier> identifiers = [];
    private readonly List<string> messages = [];
    private ReceiptOutcome? outcome;

    /// <summary>The system holds no data of the categories asked about, whoever the person is.</summary>
    public static ReceiptDraft NotHeld() => new() { outcome = ReceiptOutcome.NotHeld };

    /// <summary>The system will not do it.</summary>
    /// <param name="why">For the agent. No personal data.</param>
    public static ReceiptDraft Refused(string why) => new ReceiptDraft { outcome = ReceiptOutcome.Refused }.Remark(why);

    /// <summary>Records there to which nothing was done: for <see cref="TaskAction.Locate"/>, <see cref="TaskAction.Verify"/>
    /// and other actions that only look. For a verification count what the verified action should have dealt with and did
    /// not.</summary>
    public ReceiptDraft Found(string category, int records) =>
        Count(category, records, item => item);

    /// <summary>Records handed over by upload.</summary>
    public ReceiptDraft Handed(string category, int records) =>
        Count(category, records, item => item with { Handed = item.Handed + records });

    /// <summary>Records irreversibly gone.</summary>
    public ReceiptDraft Erased(string category, int records) =>
        Count(category, records, item => item with { Erased = item.Erased + records });

    /// <summary>Records whose link to the person is irreversibly gone.</summary>
    public ReceiptDraft Anonymised(string category, int records) =>
        Count(category, records, item => item with { Anonymised = item.Anonymised + records });

    /// <summary>Records corrected or completed.</summary>
    public ReceiptDraft Rectified(string category, int records) =>
        Count(category, records, item => item with { Rectified = item.Rectified + records });

    /// <summary>Records now restricted.</summary>
    public ReceiptDraft Restricted(string category, int records) =>
        Count(category, records, item => item with { Restricted = item.Restricted + records });

    /// <summary>Records whose processing was stopped.</summary>
    public ReceiptDraft Stopped(string category, int records) =>
        Count(category, records, item => item with { Stopped = item.Stopped + records });

    /// <summary>Records kept. Where the task told to keep the category, its reason and end date are taken from the task
    /// unless given here.</summary>
    /// <param name="category">The data category.</param>
    /// <param name="records">How many records.</param>
    /// <param name="reason">Why; needed unless the task told to keep.</param>
    /// <param name="until">Last day on which they are kept.</param>
    /// <param name="legalBasis">The law behind the reason.</param>
    /// <param name="handle">The system's own opaque handle, by which the records can be erased later; at most 200 characters.</param>
    public ReceiptDraft Retained(
        string category, int records, string? reason = null, DateOnly? until = null, string? legalBasis = null, string? handle = null) =>
        Count(category, records, item => records == 0 ? item : item with
        {
            Retained = item.Retained + records,
            Reason = reason ?? item.Reason,
            Until = until ?? item.Until,
            LegalBasis = legalBasis ?? item.LegalBasis,
            Handle = handle ?? item.Handle,
        });

    /// <summary>An identifier found that may help other systems; its kind must be declared in
    /// <see cref="SystemCapabilities.Gives"/>.</summary>
    public ReceiptDraft Gives(string kind, Personal<string> value, bool verified = true)
    {
        identifiers.Add(new(kind, value, verified));
        return this;
    }

    /// <summary>A remark for the agent who reviews. No personal data.</summary>
    public ReceiptDraft Remark(string text)
    {
        messages.Add(text);
        return this;
    }

    /// <summary>The receipt for a task: outcome from the counts, what is missing about kept records from the task's scope.</summary>
    /// <param name="task">The task answered.</param>
    /// <param name="handledAt">When the work was done (UTC).</param>
    /// <param name="handler">Program and version that did it.</param>
    public Receipt Complete(SystemTask task, DateTimeOffset handledAt, string handler)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new()
        {
            TaskId = task.TaskId,
            Outcome = outcome ?? OutcomeOfCounts(),
            Items = [.. items.Values.Select(item => WithScope(item, task))],
            Identifiers = identifiers.Count == 0 ? null : [.. identifiers],
            Messages = [.. messages],
            HandledAt = handledAt,
            Handler = handler,
        };
    }

    private ReceiptOutcome OutcomeOfCounts() =>
        items.Values.Any(item => item.Retained > 0) ? ReceiptOutcome.PartlyRetained
        : items.Values.Any(item => item.Found > 0) ? ReceiptOutcome.Completed
        : ReceiptOutcome.NothingFound;

    private static ReceiptItem WithScope(ReceiptItem item, SystemTask task)
    {
        var scope = task.Scope.FirstOrDefault(scope => scope.Category == item.Category);
        return item.Retained == 0 || scope is null
            ? item
            : item with { Reason = item.Reason ?? scope.Reason, Until = item.Until ?? scope.Until };
    }

    private ReceiptDraft Count(string category, int records, Func<ReceiptItem, ReceiptItem> add)
    {
        var item = items.GetValueOrDefault(category) ?? new() { Category = category };
        items[category] = add(item) with { Found = item.Found + records };
        return this;
    }
}
