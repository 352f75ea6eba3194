namespace DsrService.Demo.Stores;

/// <summary>Reads the names out of a list of column definitions.</summary>
internal static class SqlColumns
{
    public static IReadOnlyList<string> Names(string columns)
    {
        List<string> names = [];
        var (depth, start) = (0, 0);
        for (var at = 0; at <= columns.Length; at++)
        {
            if (at < columns.Length && columns[at] != ',' || depth > 0)
            {
                depth += columns[at] switch { '(' => 1, ')' => -1, _ => 0 };
                continue;
            }
            names.Add(columns[start..at].Trim().Split(' ')[0]);
            start = at + 1;
        }

        return names;
    }

    public static string Camel(string column) =>
        string.Concat(column.Split('_').Select((word, place) => place == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
