using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DsrService.Response.Package;

/// <summary>One field of a record: objects are opened into <c>address.street</c>, lists stay together.</summary>
internal readonly record struct RecordCell(string Field, JsonValueKind Kind, string Text);

/// <summary>Lays a record out as cells, for a table.</summary>
internal static class RecordCells
{
    /// <summary>Lists as their JSON, so that nothing is lost.</summary>
    public static List<RecordCell> Of(JsonElement record) => Read(record, element => element.GetRawText());

    /// <summary>Lists of plain values as people write them.</summary>
    public static List<RecordCell> ForReading(JsonElement record) => Read(record, element =>
        element.EnumerateArray().All(item => item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            ? string.Join(", ", element.EnumerateArray().Select(Text))
            : element.GetRawText());

    /// <summary>Such as <c>Postal address › street</c> for <c>postalAddress.street</c>.</summary>
    public static string Label(string field)
    {
        var label = new StringBuilder();
        for (var at = 0; at < field.Length; at++)
        {
            var letter = field[at];
            if (letter == '.')
                label.Append(" › ");
            else if (letter is '_' or '-')
                label.Append(' ');
            else if (at > 0 && char.IsUpper(letter) && char.IsLower(field[at - 1]))
                label.Append(' ').Append(at + 1 < field.Length && char.IsUpper(field[at + 1]) ? letter : char.ToLowerInvariant(letter));
            else
                label.Append(letter);
        }
        if (label.Length > 0)
            label[0] = char.ToUpper(label[0], CultureInfo.InvariantCulture);
        return label.ToString();
    }

    private static List<RecordCell> Read(JsonElement record, Func<JsonElement, string> list)
    {
        var cells = new List<RecordCell>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Add("", record);
        return cells;

        void Add(string path, JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Object && (path.Length == 0 || element.GetPropertyCount() > 0))
                foreach (var member in element.EnumerateObject())
                    Add(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
            else
                cells.Add(new RecordCell(Unused(path), element.ValueKind, element.ValueKind == JsonValueKind.Array ? list(element) : Text(element)));
        }

        // {"a.b":1,"a":{"b":2}} names one path twice.
        string Unused(string path)
        {
            var name = path;
            for (var number = 2; !seen.Add(name); number++)
                name = string.Create(CultureInfo.InvariantCulture, $"{path} ({number})");
            return name;
        }
    }

    private static string Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Null => "",
        _ => element.GetRawText(),
    };
}
