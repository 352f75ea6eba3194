using DsrService.DataMap;
using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>Holds a mapping against the live schema: whatever would fail in the middle of a task is named before any begins.</summary>
internal sealed class SchemaChecks
{
    private readonly SqlMapping mapping;
    private readonly LiveSchema live;
    private readonly DataMapErrors problems;
    private readonly DataMapErrors warnings;

    private SchemaChecks(SqlMapping mapping, LiveSchema live, string file) =>
        (this.mapping, this.live, problems, warnings) = (mapping, live, new(file), new(file));

    public static async Task<SchemaFit> CheckAsync(NpgsqlConnection connection, SqlMapping mapping, string file, CancellationToken cancel)
    {
        var live = await LiveSchema.ReadAsync(connection, mapping, cancel);
        var checks = new SchemaChecks(mapping, live, file);
        checks.CheckLedger();
        foreach (var table in mapping.Tables)
            checks.CheckTable(table);
        foreach (var (table, column, rule) in checks.Replacements())
            if (!await FitsAsync(connection, live.Column(table.Name, column.Name), rule.Value!, cancel))
                checks.problems.Add(column.Line, $"table '{table.Name}', column '{column.Name}': its type does not take '{rule.Value}'.");
        return new(live, checks.problems.InOrder(), checks.warnings.InOrder());
    }

    private void CheckLedger()
    {
        if (live.Table(mapping.Ledger) is not { } table)
            problems.Add(1, $"there is no table '{mapping.Schema}.{mapping.Ledger}' to write down what was done. It is made by: {SqlLedger.Definition(mapping)}");
        else if (!table.CanInsert || !table.CanUpdate || SqlLedger.Columns.Any(column => live.Column(mapping.Ledger, column) is null))
            problems.Add(1, $"'{mapping.Schema}.{mapping.Ledger}' must be made by, and open to this account: {SqlLedger.Definition(mapping)}");
    }

    private void CheckTable(SqlTable table)
    {
        if (live.Table(table.Name) is not { } found)
        {
            problems.Add(table.Line, $"there is no table '{mapping.Schema}.{table.Name}' that this account may see.");
            return;
        }
        if (!found.CanUpdate || !found.CanDelete && table.Erase is SqlErasure.Delete)
            problems.Add(table.Line, $"table '{table.Name}': this account may not read, update{(table.Erase is SqlErasure.Delete ? " and delete" : "")}.");
        if (!found.Indexes.Any(index => index.Unique && index.Columns.All(table.Key.Contains)) && table.Key.All(column => live.Column(table.Name, column) is not null))
            problems.Add(table.Line, $"table '{table.Name}': no unique index tells rows apart by {string.Join(", ", table.Key)}.");
        foreach (var (name, line) in Named(table))
            if (live.Column(table.Name, name) is null)
                problems.Add(line, $"table '{table.Name}' has no column '{name}'.");
        foreach (var column in mapping.Marks.All.Append(table.Keep?.SetApart).OfType<string>())
            if (live.Column(table.Name, column) is { Family: not SqlFamily.Boolean })
                problems.Add(table.Line, $"table '{table.Name}': '{column}' must be boolean.");
        if (table.Statement is { } statement && live.Column(table.Name, statement) is { } text && (text.Family is not SqlFamily.Text || text.Length is not null))
            problems.Add(table.Line, $"table '{table.Name}': '{statement}' must be a text of any length.");
        foreach (var way in table.FoundBy)
            CheckWay(table, way);
        foreach (var column in table.Columns)
            CheckColumn(table, column);
        if (table.Keep is { } keep)
            CheckRetention(table, keep);
        var known = Named(table).Select(named => named.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var column in live.ColumnsOf(table.Name).Where(column => !known.Contains(column)))
            warnings.Add(table.Line, $"table '{table.Name}': the mapping does not say what '{column}' is; it is not handed over{(table.Erase is SqlErasure.Columns ? " and outlives an erasure" : "")}.");
    }

    private IEnumerable<(string Name, int Line)> Named(SqlTable table) =>
    [
        .. table.Key.Select(name => (name, table.Line)),
        .. table.FoundBy.Select(way => (way.Column, way.Line)),
        .. table.Columns.Select(column => (column.Name, column.Line)),
        .. mapping.Marks.All.Append(table.SamePerson).Append(table.Statement).OfType<string>().Select(name => (name, table.Line)),
        .. table.Keep is not { } keep ? [] : new[] { keep.From, keep.Handle, keep.SetApart }.OfType<string>().Select(name => (name, keep.Line)),
        .. mapping.Tables.SelectMany(other => other.FoundBy).Where(way => way.From?.Table == table.Name).Select(way => (way.From!.Value.Column, way.Line)),
    ];

    private void CheckWay(SqlTable table, SqlWay way)
    {
        if (live.Column(table.Name, way.Column) is not { } column)
            return;
        if (way.Kind is not null && column.Family is not (SqlFamily.Text or SqlFamily.Integer or SqlFamily.Uuid))
            problems.Add(way.Line, $"table '{table.Name}': '{way.Column}' is {column.Type}; identifiers are texts, whole numbers or uuids.");
        if (way.IgnoreCase && column.Family is not SqlFamily.Text)
            problems.Add(way.Line, $"table '{table.Name}': '{way.Column}' is {column.Type} and knows no case to ignore.");
        if (way.From is { } from && live.Column(from.Table, from.Column) is { } there)
        {
            if (there.Family != column.Family)
                problems.Add(way.Line, $"table '{table.Name}': '{way.Column}' is {column.Type} and '{from.Table}.{from.Column}' is {there.Type}.");
            else if (TellsApart(table.Name, way.Column) && !TellsApart(from.Table, from.Column))
                warnings.Add(way.Line, $"table '{table.Name}': several rows of '{from.Table}' may lead to one row here; what one person's erasure takes may be another's too.");
        }
        if (!Indexed(table.Name, way.Column, way.IgnoreCase))
            warnings.Add(way.Line, $"table '{table.Name}': no index begins with {(way.IgnoreCase ? $"lower({way.Column})" : $"'{way.Column}'")}; each task reads the whole table.");
    }

    private void CheckColumn(SqlTable table, SqlColumn column)
    {
        if (live.Column(table.Name, column.Name) is not { } found)
            return;
        var place = $"table '{table.Name}', column '{column.Name}'";
        foreach (var rule in new[] { column.Erase, column.Kept }.OfType<SqlRule>())
        {
            if (rule.Change is not SqlChange.Stays && found.Generated)
                problems.Add(column.Line, $"{place}: Postgres makes its value and takes no other.");
            if (rule.Change is SqlChange.Null or SqlChange.Site && found.NotNull)
                problems.Add(column.Line, $"{place}: it must hold a value, so it cannot be left with {(rule.Change is SqlChange.Null ? "nothing" : "nothing where it is no address")}; 'replace VALUE' can.");
            if (rule.Change is SqlChange.Pseudonym && (found.Family is not SqlFamily.Text || found.Length < SqlRules.PseudonymLength))
                problems.Add(column.Line, $"{place}: a pseudonym needs a text of at least {SqlRules.PseudonymLength} characters.");
            if (rule.Change is SqlChange.Site && found.Family is not SqlFamily.Text)
                problems.Add(column.Line, $"{place}: only a text can be cut down to the site of an address.");
        }
        if (column.Rectifies is not null && found.Generated)
            problems.Add(column.Line, $"{place}: Postgres makes its value, so it cannot be rectified.");
    }

    private void CheckRetention(SqlTable table, SqlRetention keep)
    {
        if (live.Column(table.Name, keep.From) is { } from && from.Family is not (SqlFamily.Date or SqlFamily.LocalTime or SqlFamily.Instant))
            problems.Add(keep.Line, $"table '{table.Name}': '{keep.From}' is {from.Type}, and no day can be counted from it.");
        if (live.Column(table.Name, keep.Handle) is { } handle && handle.Family is not (SqlFamily.Uuid or SqlFamily.Integer))
            problems.Add(keep.Line, $"table '{table.Name}': '{keep.Handle}' is {handle.Type}; a handle is a uuid or a whole number that says nothing of the person.");
        if (!Indexed(table.Name, keep.Handle, false))
            warnings.Add(keep.Line, $"table '{table.Name}': no index begins with '{keep.Handle}'; ending what is kept reads the whole table.");
    }

    private bool Indexed(string table, string column, bool lower)
    {
        var quoted = $"\"{column}\"";
        return live.Table(table) is { } found && found.Indexes.Any(index => lower
            ? index.First == $"lower({column})" || index.First == $"lower(({column})::text)" || index.First == $"lower({quoted})"
            : index.First == column || index.First == quoted);
    }

    private bool TellsApart(string table, string column) =>
        live.Table(table) is { } found && found.Indexes.Any(index => index.Unique && index.Columns.All(one => one == column));

    private IEnumerable<(SqlTable Table, SqlColumn Column, SqlRule Rule)> Replacements() =>
        from table in mapping.Tables
        from column in table.Columns
        from rule in new[] { column.Erase, column.Kept }
        where rule is { Change: SqlChange.Replace }
        select (table, column, rule);

    private static async Task<bool> FitsAsync(NpgsqlConnection connection, LiveColumn? column, string value, CancellationToken cancel)
    {
        if (column is null)
            return true;
        // A cast would cut a long text off without a word.
        if (column.Length < value.Length)
            return false;
        await using var command = new NpgsqlCommand($"SELECT CAST(@value AS {column.Type})::text", connection);
        command.Parameters.AddWithValue("value", value);
        try
        {
            await command.ExecuteScalarAsync(cancel);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }
}

/// <summary>How a mapping fits: with any problem no task begins; a warning only tells.</summary>
internal sealed record SchemaFit(LiveSchema Live, IReadOnlyList<DataMapError> Problems, IReadOnlyList<DataMapError> Warnings);
