namespace DsrService.Response.Package;

/// <summary>Says what the files of a portability export hold, for the program that reads them.</summary>
internal sealed record Description(string Csv, IReadOnlyList<Description.SetOf> Sets)
{
    internal sealed record SetOf(string Category, string Label, string? About, string System, string SystemLabel, int Records, string Json, string Csv, IReadOnlyList<Field> Fields);

    /// <summary>A column of the CSV; in the JSON a dot of its name leads into an object. Kinds are those of value seen: string,
    /// number, boolean, null, array, object; filled counts the records that have one.</summary>
    internal sealed record Field(string Name, string Label, IReadOnlyList<string> Kinds, int Filled);

    public static Description Of(IEnumerable<(DataSet Set, FieldTable Table)> sets) => new(CsvRows.Rule,
        [.. sets.Select(row => new SetOf(row.Set.Category, row.Set.Label, row.Set.Description, row.Set.System, row.Set.SystemLabel,
            row.Set.Records, row.Set.JsonName, row.Set.CsvName!,
            [.. row.Table.Columns.Select(column => new Field(column.Field, RecordCells.Label(column.Field), [.. column.Kinds], column.Filled))]))]);
}
