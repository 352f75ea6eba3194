using System.Text.Json;

namespace DsrService.Response.Package;

/// <summary>The fields that the records of one set have, in the order they turn up. So many and no more become columns; what
/// a record has beyond them goes into one last column as JSON.</summary>
internal sealed class FieldTable
{
    public const int MostColumns = 200;
    public const string Rest = "(further fields)";

    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<Column> columns = [];

    public IReadOnlyList<Column> Columns => columns;

    public bool HasRest { get; private set; }

    public int Records { get; private set; }

    internal sealed class Column(string field)
    {
        public string Field { get; } = field;

        /// <summary>The kinds of value seen: <c>string</c>, <c>number</c>, <c>boolean</c>, <c>null</c>, <c>array</c>, <c>object</c>.</summary>
        public SortedSet<string> Kinds { get; } = new(StringComparer.Ordinal);

        public int Filled { get; set; }
    }

    public void Add(IReadOnlyList<RecordCell> record)
    {
        Records++;
        foreach (var cell in record)
        {
            if (!places.TryGetValue(cell.Field, out var place))
            {
                if (columns.Count == MostColumns)
                {
                    HasRest = true;
                    continue;
                }
                place = places[cell.Field] = columns.Count;
                columns.Add(new Column(cell.Field));
            }
            columns[place].Kinds.Add(KindOf(cell.Kind));
            if (cell.Kind != JsonValueKind.Null)
                columns[place].Filled++;
        }
    }

    public IEnumerable<(JsonValueKind Kind, string Text)> Header() =>
        columns.Select(column => column.Field).Concat(HasRest ? [Rest] : []).Select(text => (JsonValueKind.String, text));

    /// <summary>The record's cells in the order of the columns.</summary>
    public (JsonValueKind Kind, string Text)[] Row(IReadOnlyList<RecordCell> record)
    {
        var row = new (JsonValueKind Kind, string Text)[columns.Count + (HasRest ? 1 : 0)];
        row.AsSpan().Fill((JsonValueKind.Null, ""));
        Dictionary<string, string>? rest = null;
        foreach (var cell in record)
            if (places.TryGetValue(cell.Field, out var place))
                row[place] = (cell.Kind, cell.Text);
            else
                (rest ??= [])[cell.Field] = cell.Text;
        if (rest is not null)
            row[^1] = (JsonValueKind.Object, JsonSerializer.Serialize(rest));
        return row;
    }

    private static string KindOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "string",
    };
}
