using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>Corrects rows or adds the person's statement to them (Art. 16), all in one transaction. Where the person says what is
/// there now and some rows say that, only those are corrected.</summary>
internal static class RectifyRows
{
    public static async Task<ReceiptDraft> HandleAsync(SqlWork work, CancellationToken cancel)
    {
        var draft = new ReceiptDraft();
        await using var connection = await work.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        foreach (var portion in work.Acted)
        {
            HashSet<string> rectified = [];
            foreach (var (column, correction) in Corrections(work, portion))
                rectified.UnionWith(await RectifyAsync(work, connection, portion, column, correction, cancel));
            draft.Rectified(portion.Category, rectified.Count);
        }
        if (!work.Task.Preview)
            await transaction.CommitAsync(cancel);
        return draft;
    }

    public static IEnumerable<(SqlColumn Column, Correction Correction)> Corrections(SqlWork work, SqlPortion portion) =>
        from column in portion.Columns
        from correction in work.Task.Corrections ?? []
        where column.Rectifies == correction.Field
        select (column, correction);

    private static async Task<List<string>> RectifyAsync(
        SqlWork work, NpgsqlConnection connection, SqlPortion portion, SqlColumn column, Correction correction, CancellationToken cancel)
    {
        var (table, query) = (portion.Table, work.Query());
        var (requested, statement) = (correction.Requested.Reveal() ?? "", correction.Statement.Reveal() ?? "");
        if (statement.Length > 0 && table.Statement is null)
            throw new TaskFailedException("sql.no_statement_column", $"The mapping names no column of '{table.Name}' to which a statement is added.");
        List<string> assign = [];
        if (requested.Length > 0)
            assign.Add($"{SqlNames.Quote(column.Name)} = CAST({query.Parameters.Add(Fitting(work, table, column, requested))} AS {work.Live.Column(table.Name, column.Name)!.Type})");
        if (statement.Length > 0)
            assign.Add($"{SqlNames.Quote(table.Statement!)} = {query.Parameters.Add(statement)}");
        if (assign.Count == 0)
            return [];
        var current = query.Parameters.Add((string[])[.. new[] { correction.Current.Reveal(), requested }
            .Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => value!.Trim().ToLowerInvariant())]);
        await using var command = query.Command(connection, $"""
            UPDATE {work.Table(table)} r SET {string.Join(", ", assign)}
            WHERE {query.Selected(portion, "r")} AND ({Says("r")} OR NOT EXISTS (
                SELECT 1 FROM {work.Table(table)} o WHERE {query.Selected(portion, "o")} AND {Says("o")}))
            RETURNING ROW({SqlNames.Key(table, "r")})::text
            """);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        List<string> keys = [];
        while (await rows.ReadAsync(cancel))
            keys.Add(rows.GetString(0));
        return keys;

        // A row that already says what is asked for counts: it was corrected before.
        string Says(string alias) => $"lower(trim({alias}.{SqlNames.Quote(column.Name)}::text)) = ANY({current})";
    }

    private static string Fitting(SqlWork work, SqlTable table, SqlColumn column, string requested) =>
        work.Live.Column(table.Name, column.Name)!.Length < requested.Length
            ? throw new TaskFailedException("sql.value_does_not_fit", $"'{table.Name}.{column.Name}' takes no text of that length.")
            : requested;
}
