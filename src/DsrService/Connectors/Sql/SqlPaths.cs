using System.Globalization;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Sql;

/// <summary>The way from identifiers to rows, as conditions over one table.</summary>
internal sealed class SqlPaths(SqlMapping mapping, LiveSchema live, SystemTask task, SqlParameters parameters)
{
    private int aliases;

    /// <summary>True for the person's rows.</summary>
    public string Persons(SqlTable table, string alias)
    {
        var ways = Ways(table);
        if (ways.Count == 0)
            return "FALSE";
        if (ways.Count == 1 && table.SamePerson is null)
            return ways[0](alias);
        // A union of keys and no "or": each way may use an index of its own.
        var keys = ways.ConvertAll(way => Keys(table, way));
        if (table.SamePerson is { } same)
            keys.Add(Keys(table, inner => $"{inner}.{SqlNames.Quote(same)} IN ({string.Join(" UNION ", ways.Select(way => Column(table, same, way)))})"));
        return $"({SqlNames.Key(table, alias)}) IN ({string.Join(" UNION ", keys)})";
    }

    /// <summary>True for rows that lead to others of the same person: they go last, or a half-done erasure could not be resumed.</summary>
    public string? Leads(SqlTable table, string alias) =>
        table.SamePerson is null || Ways(table) is not { Count: > 0 } ways ? null : string.Join(" OR ", ways.Select(way => way(alias)));

    /// <summary>True for rows kept under a handle.</summary>
    public string ByHandle(SqlTable table, string alias, string handle)
    {
        var column = table.Keep!.Handle;
        return $"{alias}.{SqlNames.Quote(column)} = ANY({parameters.Add(SqlHandles.Values(handle, live.Column(table.Name, column)!.Family))})";
    }

    private string Keys(SqlTable table, Func<string, string> way)
    {
        var inner = $"t{++aliases}";
        return $"SELECT {SqlNames.Key(table, inner)} FROM {SqlNames.Table(mapping, table.Name)} {inner} WHERE {way(inner)}";
    }

    private string Column(SqlTable table, string column, Func<string, string> way)
    {
        var inner = $"t{++aliases}";
        return $"SELECT {inner}.{SqlNames.Quote(column)} FROM {SqlNames.Table(mapping, table.Name)} {inner} WHERE {way(inner)} AND {inner}.{SqlNames.Quote(column)} IS NOT NULL";
    }

    private List<Func<string, string>> Ways(SqlTable table) => [.. table.FoundBy.Select(way => Way(table, way)).OfType<Func<string, string>>()];

    private Func<string, string>? Way(SqlTable table, SqlWay way)
    {
        if (way.From is { } from)
        {
            var parent = mapping.Table(from.Table);
            if (Ways(parent).Count == 0)
                return null;
            return alias => $"{alias}.{SqlNames.Quote(way.Column)} IN ({Column(parent, from.Column, inner => Persons(parent, inner))})";
        }
        var values = Values(way, live.Column(table.Name, way.Column)!.Family);
        if (values.Length == 0)
            return null;
        var word = parameters.Add(values);
        return alias => way.IgnoreCase
            ? $"lower({alias}.{SqlNames.Quote(way.Column)}) = ANY({word})"
            : $"{alias}.{SqlNames.Quote(way.Column)} = ANY({word})";
    }

    // Only verified identifiers find; what cannot be in such a column finds nothing.
    private Array Values(SqlWay way, SqlFamily family)
    {
        var texts = (task.Identifiers ?? [])
            .Where(identifier => identifier.Kind == way.Kind && (identifier.Verified || TaskContext.ActsOnUnverified(task.Action)))
            .Select(identifier => identifier.Value.Reveal().Trim())
            .Where(text => text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal));
        return SqlHandles.Typed(way.IgnoreCase ? texts.Select(text => text.ToLowerInvariant()) : texts, family);
    }
}

/// <summary>Handles of kept rows: the category and the store's own opaque ids of the person.</summary>
internal static class SqlHandles
{
    private const int Longest = 200;

    /// <summary>Null where there are too many to be told in one handle.</summary>
    public static string? Of(string category, IReadOnlyList<string> ids)
    {
        var handle = $"{category}.{string.Join('.', ids.Select(id => Guid.TryParseExact(id, "D", out var uuid) ? uuid.ToString("N") : id))}";
        return handle.Length <= Longest ? handle : null;
    }

    public static bool IsOf(string handle, string category) => handle.StartsWith($"{category}.", StringComparison.Ordinal);

    public static Array Values(string handle, SqlFamily family) => Typed(handle.Split('.').Skip(1), family);

    public static Array Typed(IEnumerable<string> texts, SqlFamily family) => family switch
    {
        SqlFamily.Uuid => texts.Select(text => Guid.TryParse(text, out var uuid) ? uuid : (Guid?)null).OfType<Guid>().ToArray(),
        SqlFamily.Integer => texts.Select(text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (long?)null)
            .OfType<long>().ToArray(),
        _ => texts.ToArray(),
    };
}
