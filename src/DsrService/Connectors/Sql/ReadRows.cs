using System.Text;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>Uploads one part of a category and says how many records arrived.</summary>
internal delegate Task<int> UploadPart(string part, string category, Func<Stream, CancellationToken, Task> write, CancellationToken cancel);

/// <summary>Says what is held of a person, and hands it over (Art. 15 and 20): a part of NDJSON a table, streamed row by row.</summary>
internal static class ReadRows
{
    private const int MostIdentifiers = 50;

    public static async Task<ReceiptDraft> LocateAsync(SqlWork work, CancellationToken cancel)
    {
        var draft = new ReceiptDraft();
        foreach (var portion in work.Portions.Where(portion => work.Task.Scope.Count == 0 || work.Scope(portion) is not null))
            draft.Found(portion.Category, await work.CountAsync(portion, cancel));
        await GiveAsync(work, draft, cancel);
        return draft;
    }

    public static async Task<ReceiptDraft> HandOverAsync(SqlWork work, UploadPart upload, CancellationToken cancel)
    {
        var draft = new ReceiptDraft();
        Dictionary<string, int> parts = [];
        foreach (var portion in work.Mapping.Portions.Where(portion => work.Scope(portion)?.Decision is ScopeDecision.Act))
        {
            var rows = await work.CountAsync(portion, cancel);
            if (rows > 0 && !work.Task.Preview)
            {
                var part = parts[portion.Category] = parts.GetValueOrDefault(portion.Category) + 1;
                var name = FormattableString.Invariant($"{portion.Category}{(part == 1 ? "" : $"-{part}")}.ndjson");
                rows = await upload(name, portion.Category, (stream, stop) => WriteAsync(work, portion, stream, stop), cancel);
            }
            draft.Handed(portion.Category, rows);
        }
        await GiveAsync(work, draft, cancel);
        return draft;
    }

    private static async Task WriteAsync(SqlWork work, SqlPortion portion, Stream stream, CancellationToken cancel)
    {
        var query = work.Query();
        var columns = portion.Columns.Where(column => column.Handed).Select(column => $"r.{SqlNames.Quote(column.Name)} AS {SqlNames.Quote(column.Label)}");
        await using var connection = await work.OpenAsync(cancel);
        await using var command = query.Command(connection, $"""
            SELECT row_to_json(one)::text FROM (SELECT {string.Join(", ", columns)} FROM {work.Table(portion.Table)} r
            WHERE {query.Selected(portion, "r")} ORDER BY {SqlNames.Key(portion.Table, "r")}) one
            """);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        await using var lines = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        while (await rows.ReadAsync(cancel))
            await lines.WriteLineAsync(rows.GetString(0).AsMemory(), cancel);
    }

    // What other systems may know the person by; an answer that hands data over tells it too.
    private static async Task GiveAsync(SqlWork work, ReceiptDraft draft, CancellationToken cancel)
    {
        await using var connection = await work.OpenAsync(cancel);
        HashSet<(string, string)> given = [];
        foreach (var table in work.Mapping.Tables)
            foreach (var column in table.Columns.Where(column => column.Gives is not null))
                foreach (var value in await ValuesAsync(work, connection, table, column, cancel))
                    if (given.Add((column.Gives!, value)))
                        draft.Gives(column.Gives!, value);
    }

    private static async Task<List<string>> ValuesAsync(SqlWork work, NpgsqlConnection connection, SqlTable table, SqlColumn column, CancellationToken cancel)
    {
        var query = work.Query();
        var name = $"r.{SqlNames.Quote(column.Name)}";
        await using var command = query.Command(connection,
            $"SELECT DISTINCT {name}::text FROM {work.Table(table)} r WHERE {query.Paths.Persons(table, "r")} AND trim({name}::text) <> '' LIMIT {MostIdentifiers}");
        await using var rows = await command.ExecuteReaderAsync(cancel);
        List<string> values = [];
        while (await rows.ReadAsync(cancel))
            values.Add(rows.GetString(0));
        return values;
    }
}
