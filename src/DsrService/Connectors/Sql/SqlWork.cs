using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>One task at one database: what every action needs of it.</summary>
internal sealed class SqlWork(SqlSystem system, SystemTask task, DateOnly today)
{
    public SystemTask Task => task;

    public SqlMapping Mapping => system.Mapping;

    public LiveSchema Live => system.Live;

    public DateOnly Today => today;

    public SqlLedger Ledger { get; } = new(system.Mapping);

    /// <summary>In the order of an erasure: what is reached through a row comes before it, and within a row what leads to it last.</summary>
    public IEnumerable<SqlPortion> Portions => Mapping.Tables.Reverse().SelectMany(table => Mapping.Portions.Where(portion => portion.Table == table)
        .OrderBy(portion => portion.Columns.Any(column => column.Name == table.SamePerson || table.FoundBy.Any(way => way.Column == column.Name))));

    public IEnumerable<SqlPortion> Acted => Portions.Where(portion => Scope(portion)?.Decision is ScopeDecision.Act);

    public ScopeItem? Scope(SqlPortion portion) => task.Scope.FirstOrDefault(item => item.Category == portion.Category);

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancel) => system.Source.OpenConnectionAsync(cancel);

    public SqlQuery Query() => new(this);

    public string Table(SqlTable table) => SqlNames.Table(Mapping, table.Name);

    /// <summary>SQL: the last day on which a row is kept.</summary>
    public string LastDay(SqlTable table, string alias, SqlQuery query)
    {
        var keep = table.Keep!;
        var column = $"{alias}.{SqlNames.Quote(keep.From)}";
        var day = Live.Column(table.Name, keep.From)!.Family is SqlFamily.Instant
            ? $"({column} AT TIME ZONE {query.Parameters.Add(system.Zone)})::date"
            : $"{column}::date";
        var (years, months, days) = (keep.Period.Years, keep.Period.Months, keep.Period.Days);
        var last = FormattableString.Invariant($"({day} + make_interval(years => {years}, months => {months}, days => {days}))::date");
        return keep.EndOfYear ? $"make_date(extract(year FROM {last})::int, 12, 31)" : last;
    }

    public async Task<int> CountAsync(SqlPortion portion, CancellationToken cancel, Func<SqlQuery, string>? also = null)
    {
        await using var connection = await OpenAsync(cancel);
        return await CountAsync(connection, portion, cancel, also);
    }

    public async Task<int> CountAsync(NpgsqlConnection connection, SqlPortion portion, CancellationToken cancel, Func<SqlQuery, string>? also = null)
    {
        var query = Query();
        await using var command = query.Command(connection,
            $"SELECT count(*) FROM {Table(portion.Table)} r WHERE {query.Selected(portion, "r")}{(also is null ? "" : $" AND ({also(query)})")}");
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancel), null);
    }
}

/// <summary>One statement: its values, and the conditions that name them.</summary>
internal sealed class SqlQuery
{
    private readonly SqlWork work;

    public SqlQuery(SqlWork work)
    {
        this.work = work;
        Parameters = new();
        Paths = new(work.Mapping, work.Live, work.Task, Parameters);
        Rules = new(work.Live, Parameters);
    }

    public SqlParameters Parameters { get; }

    public SqlPaths Paths { get; }

    public SqlRules Rules { get; }

    /// <summary>True for the rows that the task is about: the person's, or those kept under the handle it names.</summary>
    public string Selected(SqlPortion portion, string alias)
    {
        var rows = work.Scope(portion)?.Handle is not { } handle ? Paths.Persons(portion.Table, alias)
            : portion.Table.Keep is not null && SqlHandles.IsOf(handle, portion.Category) ? Paths.ByHandle(portion.Table, alias, handle)
            : "FALSE";
        return portion.IsMain ? rows : $"{rows} AND ({string.Join(" OR ", portion.Columns.Select(column => $"{alias}.{SqlNames.Quote(column.Name)} IS NOT NULL"))})";
    }

    public NpgsqlCommand Command(NpgsqlConnection connection, string text)
    {
        var command = new NpgsqlCommand(text, connection);
        Parameters.Fill(command);
        return command;
    }
}
