using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Sql;

/// <summary>Says what is still there after an earlier task: rows that should be gone, changed or marked and are not. A task
/// that never came here is judged as an erasure, the strictest.</summary>
internal static class VerifyRows
{
    public static async Task<ReceiptDraft> HandleAsync(SqlWork work, CancellationToken cancel)
    {
        await using var connection = await work.OpenAsync(cancel);
        var verified = work.Task.Verifies is { } earlier ? await work.Ledger.ActionAsync(connection, earlier, cancel) : null;
        var draft = new ReceiptDraft();
        foreach (var portion in work.Portions.Where(portion => work.Scope(portion) is not null))
            switch (verified ?? TaskAction.Erase)
            {
                case TaskAction.Erase:
                    await ErasedAsync(work, portion, draft, cancel);
                    break;
                case TaskAction.Rectify:
                    draft.Found(portion.Category, await DifferingAsync(work, portion, cancel));
                    break;
                case var action:
                    var (column, on) = MarkRows.Mark(work.Mapping, action);
                    draft.Found(portion.Category, await work.CountAsync(portion, cancel, _ => $"r.{SqlNames.Quote(column)} IS NOT {(on ? "TRUE" : "FALSE")}"));
                    break;
            }
        return draft;
    }

    private static async Task ErasedAsync(SqlWork work, SqlPortion portion, ReceiptDraft draft, CancellationToken cancel)
    {
        var (table, scope) = (portion.Table, work.Scope(portion)!);
        var reason = scope.Reason ?? table.Keep?.Reason ?? "kept";
        if (table.Erase is SqlErasure.Columns && scope.Decision is ScopeDecision.Act)
        {
            (SqlColumn Column, SqlRule Rule)[] rules = [.. portion.Columns.Where(column => column.Erase is not null).Select(column => (column, column.Erase!))];
            draft.Found(portion.Category, await work.CountAsync(portion, cancel, query => query.Rules.StillThere(table, "r", rules)));
            return;
        }
        var all = await work.CountAsync(portion, cancel);
        var kept = table.Keep is not null ? await work.CountAsync(portion, cancel, EraseRows.Stays(work, portion))
            : scope.Decision is ScopeDecision.Keep ? all : 0;
        draft.Found(portion.Category, all - kept).Retained(portion.Category, kept, reason);
    }

    // All rows if none says what was asked for: of several addresses only one had to change.
    private static async Task<int> DifferingAsync(SqlWork work, SqlPortion portion, CancellationToken cancel)
    {
        var differing = 0;
        foreach (var (column, correction) in RectifyRows.Corrections(work, portion))
            if (correction.Requested.Reveal() is { Length: > 0 } requested)
            {
                var says = await work.CountAsync(portion, cancel,
                    query => $"lower(trim(r.{SqlNames.Quote(column.Name)}::text)) = {query.Parameters.Add(requested.Trim().ToLowerInvariant())}");
                if (says == 0)
                    differing = Math.Max(differing, await work.CountAsync(portion, cancel));
            }
        return differing;
    }
}
