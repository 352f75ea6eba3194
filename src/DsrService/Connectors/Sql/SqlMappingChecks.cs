using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Sql;

/// <summary>What can be wrong with a mapping before any database is asked.</summary>
internal sealed class SqlMappingChecks
{
    private static readonly TaskAction[] Supported =
    [
        TaskAction.Locate, TaskAction.Access, TaskAction.Export, TaskAction.Erase, TaskAction.Rectify, TaskAction.Restrict, TaskAction.LiftRestriction,
        TaskAction.StopProcessing, TaskAction.ResumeProcessing, TaskAction.Preserve, TaskAction.Release, TaskAction.Verify,
    ];

    private readonly SqlMapping mapping;
    private readonly ControllerDataMap map;
    private readonly MappedSystem system;
    private readonly YamlFields fields;

    private SqlMappingChecks(SqlMapping mapping, ControllerDataMap map, MappedSystem system, YamlFields fields) =>
        (this.mapping, this.map, this.system, this.fields) = (mapping, map, system, fields);

    /// <summary>The mapping with its tables in the order in which they are reached, or null where there is none.</summary>
    public static SqlMapping? Check(SqlMapping mapping, ControllerDataMap map, MappedSystem system, YamlFields fields)
    {
        var checks = new SqlMappingChecks(mapping, map, system, fields);
        checks.CheckSystem();
        checks.CheckCategories();
        foreach (var table in mapping.Tables)
            checks.CheckTable(table);
        foreach (var twice in mapping.Tables.GroupBy(table => table.Name).Where(group => group.Count() > 1))
            fields.ErrorAt(twice.Last().Line, $"the table '{twice.Key}' is mapped twice.");
        return checks.InOrder() is { } tables ? mapping with { Tables = tables } : null;
    }

    private void CheckSystem()
    {
        if (system.Binding is not Binding.Sql)
            fields.Error("system", $"the data map does not say 'binding: sql' of '{system.Key}'.");
        foreach (var action in system.Actions.Except(Supported))
            fields.Error("system", $"the data map wants '{DsrJson.Kebab(action)}' of '{system.Key}', which no database can do.");
        CheckMark("restriction", mapping.Marks.Restriction, TaskAction.Restrict, TaskAction.LiftRestriction);
        CheckMark("stopped", mapping.Marks.Stopped, TaskAction.StopProcessing, TaskAction.ResumeProcessing);
        CheckMark("preservation", mapping.Marks.Preservation, TaskAction.Preserve, TaskAction.Release);
        var kinds = mapping.Tables.SelectMany(table => table.FoundBy).Select(way => way.Kind).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var kind in system.Needs.Where(kind => !kinds.Contains(kind)))
            fields.Error($"the data map says that '{kind}' finds a person here, and no table is found by it.");
        var given = mapping.Tables.SelectMany(table => table.Columns).Select(column => column.Gives).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var kind in system.Gives.Where(kind => !given.Contains(kind)))
            fields.Error($"the data map says that this system gives '{kind}', and no column does.");
        foreach (var field in system.Fields)
            CheckField(field);
    }

    private void CheckMark(string name, string? column, params TaskAction[] actions)
    {
        foreach (var action in actions.Where(action => column is null && system.Can(action)).Take(1))
            fields.Error($"the data map wants '{DsrJson.Kebab(action)}', and 'marks' names no column for '{name}'.");
    }

    private void CheckField(CorrectableField field)
    {
        var tables = mapping.Tables.Where(table => table.Columns.Any(column => column.Rectifies == field.Field)).ToList();
        if (tables.Count == 0)
            fields.Error($"the data map says that '{field.Field}' can be rectified, and no column is it.");
        foreach (var table in tables)
        {
            var column = table.Columns.First(column => column.Rectifies == field.Field);
            if ((column.Category ?? table.Category) != field.Category)
                fields.ErrorAt(column.Line, $"'{field.Field}' belongs to the category '{field.Category}' in the data map.");
            if (field.Proof is RectificationProof.Opinion && table.Statement is null)
                fields.ErrorAt(table.Line, $"'{field.Field}' is an opinion: the table needs a 'statement' column to which the person's own is added.");
        }
    }

    private void CheckCategories()
    {
        var held = map.CategoriesAt(system.Key).Select(category => category.Key).ToHashSet(StringComparer.Ordinal);
        var covered = mapping.Portions.Select(portion => portion.Category).ToHashSet(StringComparer.Ordinal);
        foreach (var category in held.Where(category => !covered.Contains(category)))
            fields.Error($"the data map says that this system holds '{category}', and no table covers it.");
        foreach (var portion in mapping.Portions.Where(portion => !held.Contains(portion.Category)))
            fields.ErrorAt(portion.Table.Line, $"table '{portion.Table.Name}': the data map knows no category '{portion.Category}' at this system.");
        foreach (var kept in mapping.Portions.Where(portion => portion.Table.Keep is not null).GroupBy(portion => portion.Category).Where(group => group.Count() > 1))
            fields.ErrorAt(kept.Last().Table.Line, $"'{kept.Key}' is kept in two tables: a receipt has one handle a category, so give them categories of their own.");
    }

    private void CheckTable(SqlTable table)
    {
        foreach (var way in table.FoundBy)
            CheckWay(table, way);
        foreach (var twice in table.Columns.GroupBy(column => column.Name).Where(group => group.Count() > 1))
            fields.ErrorAt(twice.Last().Line, $"table '{table.Name}': the column '{twice.Key}' is mapped twice.");
        foreach (var twice in table.Columns.Where(column => column.Handed).GroupBy(column => (column.Category ?? table.Category, column.Label)).Where(group => group.Count() > 1))
            fields.ErrorAt(twice.Last().Line, $"table '{table.Name}': two columns are handed over as '{twice.Key.Label}'.");
        foreach (var column in table.Columns)
            CheckColumn(table, column);
        if (table.Erase is SqlErasure.Delete && table.Categories.Count() > 1)
            fields.ErrorAt(table.Line, $"table '{table.Name}' holds several categories, and a row cannot go for one of them and stay for another: 'erase: columns', with a rule for each column.");
        if (table.Keep is not null && table.Erase is not SqlErasure.Delete)
            fields.ErrorAt(table.Keep.Line, $"table '{table.Name}': 'keep' is for rows that would be deleted; rows that stay without a person need no reason.");
        if (table.Erase is SqlErasure.Columns)
            CheckAnonymised(table);
    }

    private void CheckWay(SqlTable table, SqlWay way)
    {
        if (way.Kind is { } kind && map.FindIdentifierKind(kind) is null)
            fields.ErrorAt(way.Line, $"table '{table.Name}': the data map knows no identifier kind '{kind}'.");
        else if (way.Kind is { } found && !system.Needs.Contains(found))
            fields.ErrorAt(way.Line, $"table '{table.Name}' is found by '{found}', which the data map does not say this system needs.");
        if (way.From is { } from && mapping.Tables.All(other => other.Name != from.Table))
            fields.ErrorAt(way.Line, $"table '{table.Name}': there is no table '{from.Table}' in this mapping to be reached from.");
    }

    private void CheckColumn(SqlTable table, SqlColumn column)
    {
        var place = $"table '{table.Name}', column '{column.Name}'";
        if (table.Erase is SqlErasure.Columns && column.Erase is null)
            fields.ErrorAt(column.Line, $"{place}: the rows stay, so it must say what becomes of it: stays, nothing, replace VALUE, pseudonym or site.");
        if (table.Erase is SqlErasure.Delete && column.Erase is not null)
            fields.ErrorAt(column.Line, $"{place}: the row is deleted, so 'erase' has no meaning here.");
        if (column.Kept is not null && table.Keep is null)
            fields.ErrorAt(column.Line, $"{place}: 'kept' goes with 'keep' of its table.");
        if (column.Kept is not null && table.Keep is { } keep && (column.Name == keep.From || column.Name == keep.Handle || table.Key.Contains(column.Name)))
            fields.ErrorAt(column.Line, $"{place}: a kept row needs it to be found or to end.");
        if (column.Erase is { Change: not SqlChange.Stays } && table.Key.Contains(column.Name))
            fields.ErrorAt(column.Line, $"{place}: the key of a row does not change.");
        if (column.Gives is { } kind && !system.Gives.Contains(kind))
            fields.ErrorAt(column.Line, $"{place}: the data map does not say that this system gives '{kind}'.");
        if (column.Rectifies is { } field && system.Fields.All(known => known.Field != field))
            fields.ErrorAt(column.Line, $"{place}: the data map knows no field '{field}' of this system.");
    }

    // A row that an identifier still finds is somebody's, whatever else was taken out of it.
    private void CheckAnonymised(SqlTable table)
    {
        foreach (var column in table.FoundBy.Select(way => way.Column).Append(table.SamePerson).OfType<string>().Distinct())
            if (table.Columns.FirstOrDefault(known => known.Name == column) is not { Erase.Change: not SqlChange.Stays })
                fields.ErrorAt(table.Line, $"table '{table.Name}': its rows stay, and '{column}' still leads to the person; it needs a rule that changes it.");
        foreach (var category in table.Categories)
            if (new SqlPortion(table, category).Columns.All(column => column.Erase?.Change is SqlChange.Stays))
                fields.ErrorAt(table.Line, $"table '{table.Name}': an erasure of '{category}' changes no column.");
    }

    private List<SqlTable>? InOrder()
    {
        List<SqlTable> ordered = [];
        var left = mapping.Tables.ToList();
        while (left.Count > 0)
        {
            var next = left.FirstOrDefault(table => table.FoundBy.All(way => way.From is not { } from || ordered.Any(done => done.Name == from.Table)));
            if (next is null)
            {
                // Tables that are not there were named already.
                foreach (var table in left.Where(table => table.FoundBy.Any(way => way.From is { } from && left.Any(other => other.Name == from.Table))))
                    fields.ErrorAt(table.Line, $"table '{table.Name}' is reached from itself, through {string.Join(", ", left.Select(other => other.Name))}.");
                return null;
            }
            ordered.Add(next);
            left.Remove(next);
        }
        return ordered;
    }
}
