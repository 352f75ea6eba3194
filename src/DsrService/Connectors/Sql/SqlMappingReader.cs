using System.Globalization;
using DsrService.DataMap;

namespace DsrService.Connectors.Sql;

/// <summary>Reads the mapping of a database from YAML and holds it against the data map: every error names file, line and reason.
/// No field takes SQL: names are names, values are values.</summary>
internal sealed class SqlMappingReader
{
    private const int DefaultBatch = 1000;
    private const int LargestBatch = 50_000;

    public static SqlMappingReading Read(string text, string fileName, Func<string, ControllerDataMap?> maps)
    {
        var errors = new DataMapErrors(fileName);
        var mapping = DataMapReader.Load(text, errors) is { } root ? ReadMapping(new YamlFields(root, "mapping", errors), maps) : null;
        return new(errors.Any ? null : mapping, errors.InOrder());
    }

    private static SqlMapping? ReadMapping(YamlFields fields, Func<string, ControllerDataMap?> maps)
    {
        var controller = fields.Key("controller");
        var system = fields.Key("system");
        var marks = fields.Has("marks") ? ReadMarks(fields.Fields("marks", "marks")) : new SqlMarks(null, null, null);
        var mapping = new SqlMapping
        {
            Controller = controller,
            System = system,
            Schema = fields.Has("schema") ? Name(fields, "schema") : "public",
            Ledger = fields.Has("ledger") ? Name(fields, "ledger") : "dsr_ledger",
            Batch = ReadBatch(fields),
            Marks = marks,
            Tables = [.. fields.List("tables", "table", required: true).Select(ReadTable)],
        };
        fields.RefuseUnknown();
        if (controller.Length == 0 || system.Length == 0)
            return null;
        if (maps(controller) is not { } map)
            fields.Error("controller", $"no data map in force is of '{controller}'.");
        else if (map.Systems.FirstOrDefault(one => one.Key == system) is not { } mapped)
            fields.Error("system", $"the data map knows no system '{system}'.");
        else
            return SqlMappingChecks.Check(mapping, map, mapped, fields);
        return null;
    }

    private static SqlMarks ReadMarks(YamlFields fields)
    {
        var marks = new SqlMarks(OptionalName(fields, "restriction"), OptionalName(fields, "stopped"), OptionalName(fields, "preservation"));
        fields.RefuseUnknown();
        return marks;
    }

    private static SqlTable ReadTable(YamlFields fields)
    {
        if (fields.OptionalText("table") is { } name)
            fields.Place = $"table '{name}'";
        var table = new SqlTable
        {
            Name = Name(fields, "table"),
            Category = fields.Key("category"),
            Key = ReadKey(fields),
            FoundBy = [.. fields.List("foundBy", $"{fields.Place}, foundBy", required: true).Select(ReadWay)],
            SamePerson = OptionalName(fields, "samePerson"),
            Erase = fields.Choice<SqlErasure>("erase"),
            Keep = fields.Has("keep") ? ReadRetention(fields.Fields("keep", $"{fields.Place}, keep")) : null,
            Statement = OptionalName(fields, "statement"),
            Columns = [.. fields.List("columns", $"{fields.Place}, column", required: true).Select(ReadColumn)],
            Line = fields.Line,
        };
        fields.RefuseUnknown();
        return table;
    }

    private static IReadOnlyList<string> ReadKey(YamlFields fields)
    {
        var names = fields.Has("key") ? fields.Texts("key") : [];
        if (names.Count == 0)
            fields.Error("'key' must name the columns that tell one row from all others, such as [id].");
        foreach (var name in names.Where(name => !IsName(name)))
            fields.Error("key", $"'{name}' can be no name in Postgres.");
        return names;
    }

    private static SqlWay ReadWay(YamlFields fields)
    {
        var from = fields.OptionalText("from");
        var parts = from?.Split('.');
        if (parts is not null && (parts.Length != 2 || !parts.All(IsName)))
            fields.Error("from", $"'from' must be table.column: '{from}'.");
        var way = new SqlWay(Name(fields, "column"), fields.Line)
        {
            Kind = fields.OptionalText("kind"),
            IgnoreCase = fields.Flag("ignoreCase", false),
            From = parts is [var table, var column] ? (table, column) : null,
        };
        if (way.Kind is null == from is null)
            fields.Error("rows are found by a 'kind' of identifier or 'from' another table, one of both.");
        if (way.IgnoreCase && way.Kind is null)
            fields.Error("ignoreCase", "'ignoreCase' goes with 'kind'.");
        fields.RefuseUnknown();
        return way;
    }

    private static SqlRetention ReadRetention(YamlFields fields)
    {
        var retention = new SqlRetention
        {
            Reason = fields.Text("reason"),
            LegalBasis = fields.OptionalText("legalBasis"),
            From = Name(fields, "from"),
            Period = fields.Period("period"),
            EndOfYear = fields.Flag("endOfYear", false),
            Handle = Name(fields, "handle"),
            SetApart = OptionalName(fields, "setApart"),
            Line = fields.Line,
        };
        if (retention.Reason.Length > 300 || retention.LegalBasis?.Length > 300)
            fields.Error("reason", "reason and legal basis have at most 300 characters.");
        fields.RefuseUnknown();
        return retention;
    }

    private static SqlColumn ReadColumn(YamlFields fields)
    {
        if (fields.OptionalText("column") is { } name)
            fields.Place = $"{fields.Place} '{name}'";
        var column = new SqlColumn
        {
            Name = Name(fields, "column"),
            Label = fields.OptionalText("label") ?? Camel(fields.OptionalText("column") ?? ""),
            Category = fields.Has("category") ? fields.Key("category") : null,
            Handed = fields.Flag("handed", true),
            Erase = ReadRule(fields, "erase"),
            Kept = ReadRule(fields, "kept"),
            Rectifies = fields.OptionalText("rectifies"),
            Gives = fields.OptionalText("gives"),
            Line = fields.Line,
        };
        fields.RefuseUnknown();
        return column;
    }

    private static SqlRule? ReadRule(YamlFields fields, string field)
    {
        if (fields.OptionalText(field) is not { } text)
            return null;
        if (text.StartsWith("replace ", StringComparison.Ordinal))
            return new(SqlChange.Replace, text["replace ".Length..].Trim());
        SqlChange? change = text switch
        {
            "stays" => SqlChange.Stays,
            "nothing" => SqlChange.Null,
            "pseudonym" => SqlChange.Pseudonym,
            "site" => SqlChange.Site,
            _ => null,
        };
        if (change is null)
            fields.Error(field, $"'{field}' does not know '{text}'; it must be stays, nothing, replace VALUE, pseudonym or site.");
        return change is { } known ? new(known) : null;
    }

    private static int ReadBatch(YamlFields fields)
    {
        if (fields.OptionalText("batch") is not { } text)
            return DefaultBatch;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows is >= 1 and <= LargestBatch)
            return rows;
        fields.Error("batch", $"'batch' must be a number of rows from 1 to {LargestBatch}.");
        return DefaultBatch;
    }

    private static string? OptionalName(YamlFields fields, string field) => fields.Has(field) ? Name(fields, field) : null;

    private static string Name(YamlFields fields, string field)
    {
        var name = fields.Text(field);
        if (name.Length > 0 && !IsName(name))
            fields.Error(field, $"'{name}' can be no name in Postgres.");
        return name;
    }

    // 63 bytes, as Postgres has it; names with a dot or a control character are nobody's and only confuse a reader.
    private static bool IsName(string name) =>
        name.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(name) <= 63 && !name.Any(letter => char.IsControl(letter) || letter is '.' or '"');

    private static string Camel(string column) => string.Concat(column.Split('_', StringSplitOptions.RemoveEmptyEntries)
        .Select((word, place) => place == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}

/// <summary>The mapping, or everything that is wrong with it.</summary>
internal sealed record SqlMappingReading(SqlMapping? Mapping, IReadOnlyList<DataMapError> Errors);
