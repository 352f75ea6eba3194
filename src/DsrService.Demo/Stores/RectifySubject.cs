using System.Security.Cryptography;
using System.Text;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>Corrects rows or adds the person's statement to them (Art. 16). Where the person says what is there now and
/// some rows say that, only those are corrected.</summary>
internal static class RectifySubject
{
    public static async Task<ReceiptDraft> Handle(TaskWork work, CancellationToken cancel)
    {
        var draft = new ReceiptDraft();
        foreach (var category in work.Acted)
        {
            HashSet<long> rectified = [];
            foreach (var correction in work.Task.Corrections ?? [])
                if (category.Rectifiable.TryGetValue(correction.Field, out var column))
                    rectified.UnionWith(await Rectify(work, category, column, correction, cancel));
            draft.Rectified(category.Name, rectified.Count);
        }

        await work.Note(Expected(work), cancel);
        return draft;
    }

    public static IReadOnlyList<ExpectedValue> Expected(TaskWork work) =>
    [
        .. from category in work.Acted
           from correction in work.Task.Corrections ?? []
           where category.Rectifiable.ContainsKey(correction.Field)
           let requested = correction.Requested.Reveal()
           where !string.IsNullOrEmpty(requested)
           select new ExpectedValue(category.Name, correction.Field, Digest(requested)),
    ];

    public static string Digest(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    private static Task<List<long>> Rectify(
        TaskWork work, StoreCategory category, string column, Correction correction, CancellationToken cancel)
    {
        var table = work.Table(category);
        return Sql.List(work.Connection, $"""
            update {table} set
                {column} = case when @requested = '' then {column} else @requested end,
                statement = case when @statement = '' then statement else @statement end
            where ref = any(@refs) and ({Says(column)} or ({category.RectifiedByDefault}
                and not exists (select 1 from {table} t where t.ref = any(@refs) and {Says($"t.{column}")})))
            returning id
            """, row => row.GetInt64(0), cancel, ("refs", work.Refs), ("current", correction.Current.Reveal() ?? ""),
            ("requested", correction.Requested.Reveal() ?? ""), ("statement", correction.Statement.Reveal() ?? ""));
    }

    // A row that already says what is asked for counts: it was corrected before.
    private static string Says(string column) =>
        $"lower(trim({column})) in (lower(trim(nullif(@current, ''))), lower(trim(nullif(@requested, ''))))";
}
