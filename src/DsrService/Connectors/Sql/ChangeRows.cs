using DsrService.Sdk;
using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>Changes rows batch by batch, each in a transaction with the count of what it did, until none is left. Killed in
/// between and begun again it goes on where it was.</summary>
internal sealed class ChangeRows(SqlWork work)
{
    /// <param name="Entry">What the ledger counts it as; null where it need not be counted.</param>
    /// <param name="Portion">Whose rows.</param>
    /// <param name="Left">SQL over the alias <c>r</c>: true for rows in which there is something to do.</param>
    /// <param name="Assign">SQL assignments; null deletes.</param>
    internal sealed record Change(string? Entry, SqlPortion Portion, Func<SqlQuery, string>? Left, Func<SqlQuery, string>? Assign);

    public async Task HandleAsync(Change change, CancellationToken cancel)
    {
        await using var connection = await work.OpenAsync(cancel);
        while (await BatchAsync(connection, change, cancel) >= work.Mapping.Batch)
        {
        }
    }

    private async Task<int> BatchAsync(NpgsqlConnection connection, Change change, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var query = work.Query();
        await using var command = query.Command(connection, Statement(query, change));
        int picked, changed;
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            await row.ReadAsync(cancel);
            (picked, changed) = (row.GetInt32(0), row.GetInt32(1));
        }
        if (changed < picked)
            throw new TaskFailedException("sql.change_discarded", $"The database changed {changed} of {picked} rows of '{change.Portion.Table.Name}'.");
        if (change.Entry is not null && changed > 0)
            await work.Ledger.AddAsync(connection, work.Task, change.Entry, changed, cancel);
        await transaction.CommitAsync(cancel);
        return picked;
    }

    private string Statement(SqlQuery query, Change change)
    {
        var table = change.Portion.Table;
        var left = change.Left is null ? "" : $" AND ({change.Left(query)})";
        var order = query.Paths.Leads(table, "r") is { } leads ? $"({leads}), " : "";
        var keys = SqlNames.Key(table, "r");
        var what = change.Assign is null
            ? $"DELETE FROM {work.Table(table)} c USING picked p WHERE ({SqlNames.Key(table, "c")}) = ({SqlNames.Key(table, "p")}) RETURNING 1"
            : $"UPDATE {work.Table(table)} c SET {change.Assign(query)} FROM picked p WHERE ({SqlNames.Key(table, "c")}) = ({SqlNames.Key(table, "p")}) RETURNING 1";
        return $"""
            WITH picked AS MATERIALIZED (
                SELECT {keys} FROM {work.Table(table)} r WHERE {query.Selected(change.Portion, "r")}{left}
                ORDER BY {order}{keys} LIMIT {query.Parameters.Add(work.Mapping.Batch)} FOR UPDATE OF r),
            changed AS ({what})
            SELECT (SELECT count(*)::int FROM picked), (SELECT count(*)::int FROM changed)
            """;
    }
}
