using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Sql;

/// <summary>Erases a person's rows (Art. 17), or leaves them to nobody. What has a reason to be kept is cut down, set apart and
/// answered for with its last day and a handle; with the handle it is erased when the reason has ended.</summary>
internal static class EraseRows
{
    private const string LegalClaims = "17-3-e";
    private const int MostPersons = 50;

    public static async Task<ReceiptDraft> HandleAsync(SqlWork work, CancellationToken cancel)
    {
        var draft = new ReceiptDraft();
        // Before anything goes: what cannot be answered for must not be half done.
        var handles = await HandlesAsync(work, cancel);
        foreach (var portion in work.Portions)
            switch (work.Scope(portion))
            {
                case { Decision: ScopeDecision.Act }:
                    await EraseAsync(work, portion, draft, handles, cancel);
                    break;
                case { Decision: ScopeDecision.Keep } kept when portion.Table.Keep is null || kept.Reason == LegalClaims:
                    // Claims may turn on what the other reasons have no need of: nothing of it is cut down.
                    draft.Retained(portion.Category, await work.CountAsync(portion, cancel), kept.Reason ?? "kept", kept.Until,
                        handle: handles.GetValueOrDefault(portion));
                    break;
                case { Decision: ScopeDecision.Keep }:
                    var expired = await GoneAsync(work, portion, "expired", Ended(work, portion), cancel);
                    if (expired > 0)
                        draft.Remark($"{expired} of {portion.Category} were past their retention and are erased too.");
                    await KeepAsync(work, portion, draft, handles, cancel);
                    break;
            }
        return draft;
    }

    private static async Task EraseAsync(
        SqlWork work, SqlPortion portion, ReceiptDraft draft, Dictionary<SqlPortion, string> handles, CancellationToken cancel)
    {
        if (portion.Table.Erase is SqlErasure.Delete)
        {
            draft.Erased(portion.Category, await GoneAsync(work, portion, "erased", portion.Table.Keep is null ? null : Ended(work, portion), cancel));
            if (portion.Table.Keep is not null)
                await KeepAsync(work, portion, draft, handles, cancel);
            return;
        }
        (SqlColumn Column, SqlRule Rule)[] rules = [.. portion.Columns.Where(column => column.Erase is not null).Select(column => (column, column.Erase!))];
        var changed = await CountOrChangeAsync(work, new($"anonymised:{portion.Category}:{portion.Table.Name}", portion,
            query => query.Rules.StillThere(portion.Table, "r", rules), query => query.Rules.Assign(portion.Table, rules)), cancel);
        draft.Anonymised(portion.Category, changed);
    }

    private static Task<int> GoneAsync(SqlWork work, SqlPortion portion, string entry, Func<SqlQuery, string>? left, CancellationToken cancel) =>
        CountOrChangeAsync(work, new($"{entry}:{portion.Category}:{portion.Table.Name}", portion, left, null), cancel);

    private static async Task<int> CountOrChangeAsync(SqlWork work, ChangeRows.Change change, CancellationToken cancel)
    {
        if (work.Task.Preview)
            return await work.CountAsync(change.Portion, cancel, change.Left);
        await new ChangeRows(work).HandleAsync(change, cancel);
        await using var connection = await work.OpenAsync(cancel);
        return await work.Ledger.CountAsync(connection, work.Task.TaskId, change.Entry!, cancel);
    }

    private static async Task KeepAsync(
        SqlWork work, SqlPortion portion, ReceiptDraft draft, Dictionary<SqlPortion, string> handles, CancellationToken cancel)
    {
        var (table, keep, scope) = (portion.Table, portion.Table.Keep!, work.Scope(portion)!);
        (SqlColumn Column, SqlRule Rule)[] rules = [.. portion.Columns.Where(column => column.Kept is not null).Select(column => (column, column.Kept!))];
        if (!work.Task.Preview && (rules.Length > 0 || keep.SetApart is not null))
            await new ChangeRows(work).HandleAsync(new(null, portion,
                query => $"{Stays(work, portion)(query)} AND ({Joined(" OR ", query.Rules.StillThere(table, "r", rules), keep.SetApart is { } apart ? $"r.{SqlNames.Quote(apart)} IS NOT TRUE" : "")})",
                query => Joined(", ", query.Rules.Assign(table, rules), keep.SetApart is { } mark ? $"{SqlNames.Quote(mark)} = TRUE" : "")), cancel);
        var query = work.Query();
        await using var connection = await work.OpenAsync(cancel);
        await using var command = query.Command(connection,
            $"SELECT count(*)::int, max({work.LastDay(table, "r", query)}) FROM {work.Table(table)} r WHERE {query.Selected(portion, "r")} AND {Stays(work, portion)(query)}");
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        if (row.GetInt32(0) == 0)
            return;
        draft.Retained(portion.Category, row.GetInt32(0), scope.Reason ?? keep.Reason, row.IsDBNull(1) ? scope.Until : row.GetFieldValue<DateOnly>(1),
            keep.LegalBasis, handles.GetValueOrDefault(portion));
    }

    private static Func<SqlQuery, string> Ended(SqlWork work, SqlPortion portion) =>
        query => $"{work.LastDay(portion.Table, "r", query)} < {query.Parameters.Add(work.Today)}";

    public static Func<SqlQuery, string> Stays(SqlWork work, SqlPortion portion) => query => $"({Ended(work, portion)(query)}) IS NOT TRUE";

    private static string Joined(string between, params string[] parts) => string.Join(between, parts.Where(part => part.Length > 0));

    private static async Task<Dictionary<SqlPortion, string>> HandlesAsync(SqlWork work, CancellationToken cancel)
    {
        Dictionary<SqlPortion, string> handles = [];
        await using var connection = await work.OpenAsync(cancel);
        foreach (var portion in work.Portions.Where(portion => portion.Table.Keep is not null && work.Scope(portion) is not null))
        {
            var query = work.Query();
            await using var command = query.Command(connection, $"""
                SELECT DISTINCT r.{SqlNames.Quote(portion.Table.Keep!.Handle)}::text FROM {work.Table(portion.Table)} r
                WHERE {query.Selected(portion, "r")} LIMIT {MostPersons}
                """);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            List<string> ids = [];
            while (await rows.ReadAsync(cancel))
                ids.Add(rows.IsDBNull(0) ? throw new TaskFailedException("sql.handle_missing", $"A row of '{portion.Table.Name}' to be kept holds no handle.") : rows.GetString(0));
            if (ids.Count == 0)
                continue;
            ids.Sort(StringComparer.Ordinal);
            handles[portion] = SqlHandles.Of(portion.Category, ids)
                ?? throw new TaskFailedException("sql.handle_too_long", $"Too many persons behind the rows of '{portion.Table.Name}' to be kept for one handle.");
        }
        return handles;
    }
}
