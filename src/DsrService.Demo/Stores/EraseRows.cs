using DsrService.Sdk;

namespace DsrService.Demo.Stores;

/// <summary>Erasure in one table: rows whose reason to be kept has not ended are cut down to it and set apart from all
/// use, the rest goes.</summary>
internal static class EraseRows
{
    public static async Task InTable(TaskWork work, StoreCategory category, ReceiptDraft draft, CancellationToken cancel)
    {
        var ended = category.Retention is { } retention ? $" and {retention.Until} < @today" : "";
        draft.Erased(category.Name, await work.Run(
            $"delete from {work.Table(category)} where {category.Concerns}{ended}", cancel, ("today", work.Store.Today)));
        if (category.Retention is not null)
            await Keep(work, category, draft, cutDown: true, cancel);
    }

    /// <summary>The rows stay, for counts and for those who read them, and are nobody's.</summary>
    public static async Task LeaveToNobody(TaskWork work, StoreCategory category, ReceiptDraft draft, CancellationToken cancel) =>
        draft.Anonymised(category.Name, await work.Run(
            $"update {work.Table(category)} set ref = null, statement = null, {category.Anonymised} where {category.Concerns}", cancel));

    /// <summary>Keeps what is there, for the reason of the task or else the store's own.</summary>
    public static async Task Keep(TaskWork work, StoreCategory category, ReceiptDraft draft, bool cutDown, CancellationToken cancel)
    {
        if (cutDown && category.Retention is { } own)
            await Expire(work, category, own, draft, cancel);
        var assignments = cutDown && category.Retention?.CutDown is { } fields ? $", {fields}" : "";
        var kept = await work.Run($"update {work.Table(category)} set archived = true{assignments} where ref = any(@refs)", cancel);
        if (kept == 0)
            return;
        var until = category.Retention is not { } retention ? null : (await Sql.List(work.Connection,
            $"select max({retention.Until}) from {work.Table(category)} where ref = any(@refs)",
            row => (DateOnly?)row.GetFieldValue<DateOnly>(0), cancel, ("refs", work.Refs)))[0];
        draft.Retained(category.Name, kept, work.Scope(category)?.Reason ?? category.Retention?.Reason ?? "kept",
            until > work.Store.Today ? until : work.Scope(category)?.Until ?? until, category.Retention?.LegalBasis,
            Handle(category, work.Refs));
    }

    // The task's end date is the latest of all rows; those whose own has passed are past being kept, and go as they should have before.
    private static async Task Expire(TaskWork work, StoreCategory category, RowRetention retention, ReceiptDraft draft, CancellationToken cancel)
    {
        var expired = await work.Run(
            $"delete from {work.Table(category)} where ref = any(@refs) and {retention.Until} < @today", cancel, ("today", work.Store.Today));
        if (expired > 0)
            draft.Remark($"{expired} of {category.Name} were past their retention and are erased too.");
    }

    /// <summary>A handle is made of the ids that rows are born with, so that it still finds them after the store was
    /// restored from a backup older than the erasure.</summary>
    public static string Handle(StoreCategory category, IEnumerable<Guid> refs) =>
        $"{category.Name}.{string.Join('.', refs.Select(person => person.ToString("N")))}";

    public static Guid[] Persons(string handle, StoreCategory category) => handle.Split('.') is [var name, .. var refs] && name == category.Name
        ? [.. refs.Select(text => Guid.TryParseExact(text, "N", out var person) ? person : Guid.Empty)]
        : [];
}
