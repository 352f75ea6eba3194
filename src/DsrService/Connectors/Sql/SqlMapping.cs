using DsrService.DataMap;

namespace DsrService.Connectors.Sql;

/// <summary>What a company's engineer writes of a Postgres database: which tables hold personal data, how they are reached
/// from an identifier, what each column is and what becomes of it. Read by <see cref="SqlMappingReader"/>.</summary>
internal sealed record SqlMapping
{
    public required string Controller { get; init; }
    public required string System { get; init; }
    public required string Schema { get; init; }

    /// <summary>The table, in the same schema, in which the work writes down what it did in the transaction that did it.</summary>
    public required string Ledger { get; init; }

    /// <summary>Rows changed in one transaction.</summary>
    public required int Batch { get; init; }

    public required SqlMarks Marks { get; init; }

    /// <summary>Each after all tables from which it is reached: work goes from the last to the first.</summary>
    public required IReadOnlyList<SqlTable> Tables { get; init; }

    public SqlTable Table(string name) => Tables.First(table => table.Name == name);

    public IEnumerable<SqlPortion> Portions => Tables.SelectMany(table => table.Categories, (table, category) => new SqlPortion(table, category));
}

/// <summary>One data category in one table.</summary>
internal sealed record SqlPortion(SqlTable Table, string Category)
{
    public IEnumerable<SqlColumn> Columns => Table.Columns.Where(column => (column.Category ?? Table.Category) == Category);

    /// <summary>The table's own category is every row; another is only where one of its columns holds something.</summary>
    public bool IsMain => Category == Table.Category;
}

/// <summary>Boolean columns, by the same name in every table, that the system's own use honours.</summary>
/// <param name="Restriction">Kept and not used (Art. 18).</param>
/// <param name="Stopped">Not used for what was objected to (Art. 21).</param>
/// <param name="Preservation">Not to be deleted until an answer is given.</param>
internal sealed record SqlMarks(string? Restriction, string? Stopped, string? Preservation)
{
    public IEnumerable<string> All => new[] { Restriction, Stopped, Preservation }.OfType<string>();
}

internal sealed record SqlTable
{
    public required string Name { get; init; }

    /// <summary>The category of the row, and of each column that names no other.</summary>
    public required string Category { get; init; }

    /// <summary>Columns that tell one row from all others.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    public required IReadOnlyList<SqlWay> FoundBy { get; init; }

    /// <summary>Rows that share the value of this column with a found row are the same person's.</summary>
    public string? SamePerson { get; init; }

    public required SqlErasure Erase { get; init; }
    public SqlRetention? Keep { get; init; }

    /// <summary>Text column to which a person's statement is added (Art. 16, second sentence).</summary>
    public string? Statement { get; init; }

    public required IReadOnlyList<SqlColumn> Columns { get; init; }
    public required int Line { get; init; }

    public IEnumerable<string> Categories => Columns.Select(column => column.Category ?? Category).Prepend(Category).Distinct();
}

/// <summary>How rows are found: by an identifier, or from rows of another table.</summary>
internal sealed record SqlWay(string Column, int Line)
{
    public string? Kind { get; init; }
    public bool IgnoreCase { get; init; }

    /// <summary>The table the rows are reached from, and its column with the same value.</summary>
    public (string Table, string Column)? From { get; init; }
}

internal enum SqlErasure
{
    /// <summary>The row goes.</summary>
    Delete,
    /// <summary>The row stays and leads to nobody: each column has its rule.</summary>
    Columns,
}

/// <summary>Rows that outlive an erasure for a reason of the table's own.</summary>
internal sealed record SqlRetention
{
    public required string Reason { get; init; }
    public string? LegalBasis { get; init; }

    /// <summary>The column from which the period counts; the last day follows.</summary>
    public required string From { get; init; }
    public required Period Period { get; init; }

    /// <summary>The last day is the end of its year.</summary>
    public bool EndOfYear { get; init; }

    /// <summary>A column with the store's own opaque id of the person: with it kept rows are found when their reason has ended.</summary>
    public required string Handle { get; init; }

    /// <summary>Boolean column that takes a kept row out of the system's own use.</summary>
    public string? SetApart { get; init; }

    public required int Line { get; init; }
}

internal sealed record SqlColumn
{
    public required string Name { get; init; }

    /// <summary>The name under which it is handed over.</summary>
    public required string Label { get; init; }

    /// <summary>Null: the table's.</summary>
    public string? Category { get; init; }

    /// <summary>Columns that the system has for itself are not handed over.</summary>
    public bool Handed { get; init; } = true;

    public SqlRule? Erase { get; init; }

    /// <summary>What is left of it in a row that is kept.</summary>
    public SqlRule? Kept { get; init; }

    /// <summary>The field of the data map by which a person may have it corrected.</summary>
    public string? Rectifies { get; init; }

    /// <summary>The identifier kind it gives to other systems.</summary>
    public string? Gives { get; init; }

    public required int Line { get; init; }
}

/// <summary>What becomes of one column.</summary>
internal sealed record SqlRule(SqlChange Change, string? Value = null);

internal enum SqlChange
{
    /// <summary>Not personal once the others are gone.</summary>
    Stays,
    Null,
    /// <summary>The same fixed value for everybody.</summary>
    Replace,
    /// <summary>A random value that leads nowhere; the rows of one batch share it.</summary>
    Pseudonym,
    /// <summary>Of an address on the web only scheme and host.</summary>
    Site,
}
