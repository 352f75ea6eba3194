using System.Security.Cryptography;

namespace DsrService.Connectors.Sql;

/// <summary>The rules for columns as SQL: names are quoted, values are parameters, types are Postgres' own words for them.</summary>
internal sealed class SqlRules(LiveSchema live, SqlParameters parameters)
{
    public const int PseudonymLength = 21;
    private const string PseudonymBegins = "anon-";

    // Another one for each piece of work: what two requests left behind cannot be told to be one person's.
    private readonly string pseudonym = PseudonymBegins + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Assigns what is left of the columns.</summary>
    public string Assign(SqlTable table, IEnumerable<(SqlColumn Column, SqlRule Rule)> rules) => string.Join(", ", rules
        .Where(pair => pair.Rule.Change is not SqlChange.Stays)
        .Select(pair => $"{SqlNames.Quote(pair.Column.Name)} = {Left(table, pair.Column, pair.Rule)}"));

    /// <summary>True for rows in which a rule still has something to do.</summary>
    public string StillThere(SqlTable table, string alias, IEnumerable<(SqlColumn Column, SqlRule Rule)> rules) => string.Join(" OR ", rules
        .Where(pair => pair.Rule.Change is not SqlChange.Stays)
        .Select(pair => Differs(table, $"{alias}.{SqlNames.Quote(pair.Column.Name)}", pair.Column, pair.Rule)));

    private string Left(SqlTable table, SqlColumn column, SqlRule rule) => rule.Change switch
    {
        SqlChange.Null => "NULL",
        SqlChange.Replace => Fixed(table, column, rule),
        // What held nothing gets nothing.
        SqlChange.Pseudonym => $"CASE WHEN {SqlNames.Quote(column.Name)} IS NOT NULL THEN {parameters.Add(pseudonym)} END",
        SqlChange.Site => Site(SqlNames.Quote(column.Name)),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.Change, "Changes nothing."),
    };

    private string Differs(SqlTable table, string name, SqlColumn column, SqlRule rule) => rule.Change switch
    {
        SqlChange.Null => $"{name} IS NOT NULL",
        SqlChange.Replace => $"{name} IS DISTINCT FROM {Fixed(table, column, rule)}",
        SqlChange.Pseudonym => $"{name} !~ '^{PseudonymBegins}[0-9a-f]{{16}}$'",
        SqlChange.Site => $"{name} IS DISTINCT FROM {Site(name)}",
        _ => "FALSE",
    };

    private string Fixed(SqlTable table, SqlColumn column, SqlRule rule) =>
        $"CAST({parameters.Add(rule.Value!)} AS {live.Column(table.Name, column.Name)!.Type})";

    // Neither path nor query, nor who signed in: any of them may name the person.
    private static string Site(string name) =>
        $@"CASE WHEN {name} ~* '^https?://' THEN regexp_replace({name}, '^(https?://)([^/?#@]*@)?([^/?#]*).*$', '\1\3', 'i') END";
}

/// <summary>Names as Postgres reads them.</summary>
internal static class SqlNames
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Table(SqlMapping mapping, string table) => $"{Quote(mapping.Schema)}.{Quote(table)}";

    public static string Key(SqlTable table, string alias) => string.Join(", ", table.Key.Select(column => $"{alias}.{Quote(column)}"));
}

/// <summary>Values for one statement, each under a name of its own.</summary>
internal sealed class SqlParameters
{
    private readonly List<(string Name, object Value)> values = [];

    /// <summary>The word that stands for the value in the statement.</summary>
    public string Add(object value)
    {
        var name = $"p{values.Count}";
        values.Add((name, value));
        return $"@{name}";
    }

    public void Fill(Npgsql.NpgsqlCommand command)
    {
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
    }
}
