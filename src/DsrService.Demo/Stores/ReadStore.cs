using System.Text.Json.Nodes;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>What a store holds on a person now, whatever a task would say of it: the oracle beside the service.</summary>
internal static class ReadStore
{
    public static async Task<StoreContent> Handle(
        DemoStore store, IEnumerable<(string Kind, string Value)> identifiers, CancellationToken cancel)
    {
        await using var work = await TaskWork.Begin(store, new SystemTask
        {
            TaskId = Guid.CreateVersion7(),
            Reference = "",
            Controller = store.Controller,
            System = store.Key,
            Action = TaskAction.Locate,
            Identifiers = [.. identifiers.Select(identifier => new SubjectIdentifier(identifier.Kind, identifier.Value, true))],
            IssuedAt = store.Clock.GetUtcNow(),
            DueAt = store.Clock.GetUtcNow(),
            Attempt = 1,
        }, cancel);
        Dictionary<string, int> counts = [];
        List<JsonObject> rows = [];
        foreach (var category in store.Categories)
        {
            var found = await Sql.List(work.Connection,
                $"select (to_jsonb(r) - @internal)::text from {work.Table(category)} r where ref = any(@refs) order by id",
                row => JsonNode.Parse(row.GetString(0))!.AsObject(), cancel, ("refs", work.Refs), ("internal", (string[])["id", "ref", .. category.Internal]));
            if (found.Count == 0)
                continue;
            counts.Add(category.Name, found.Count);
            rows.AddRange(found.Select(row => Row(category, row)));
        }

        return new(counts, rows);
    }

    private static JsonObject Row(StoreCategory category, JsonObject columns)
    {
        JsonObject row = new() { ["category"] = category.Name };
        foreach (var (column, value) in columns)
            row[SqlColumns.Camel(column)] = value?.DeepClone();
        return row;
    }
}

/// <summary>Both empty where the store holds nothing; anonymised rows are nobody's and do not show.</summary>
internal sealed record StoreContent(IReadOnlyDictionary<string, int> Counts, IReadOnlyList<JsonObject> Rows);
