using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>Says what is still there after an earlier task: rows that should be gone, changed or marked and are not. A task
/// that never came here is judged as an erasure, the strictest.</summary>
internal static class VerifyTask
{
    public static async Task<ReceiptDraft> Handle(TaskWork work, CancellationToken cancel)
    {
        var verified = work.Task.Verifies is { } id ? await work.Recall(id, cancel) : null;
        var draft = new ReceiptDraft();
        foreach (var category in work.Store.Categories.Where(category => work.Scope(category) is not null))
            switch (verified?.Action ?? TaskAction.Erase)
            {
                case TaskAction.Erase:
                    draft.Found(category.Name, await work.Count(category, $"{category.Concerns} and not archived", cancel));
                    draft.Retained(category.Name, await work.Count(category, "ref = any(@refs) and archived", cancel),
                        work.Scope(category)?.Reason ?? category.Retention?.Reason ?? "kept");
                    break;
                case TaskAction.Rectify:
                    foreach (var expected in verified!.Expected.Where(expected => expected.Category == category.Name))
                        draft.Found(category.Name, await Differing(work, category, expected, cancel));
                    break;
                case var action:
                    var (column, value) = MarkSubject.Mark(action);
                    draft.Found(category.Name, await work.Count(category, $"ref = any(@refs) and {column} <> {value}", cancel));
                    break;
            }

        return draft;
    }

    /// <summary>All rows if none says what was asked for: of several addresses only one had to change.</summary>
    private static async Task<int> Differing(TaskWork work, StoreCategory category, ExpectedValue expected, CancellationToken cancel)
    {
        var values = await Sql.List(work.Connection,
            $"select {category.Rectifiable[expected.Field]} from {work.Table(category)} where ref = any(@refs)",
            row => row.IsDBNull(0) ? "" : row.GetString(0), cancel, ("refs", work.Refs));
        return values.Any(value => RectifySubject.Digest(value) == expected.Digest) ? 0 : values.Count;
    }
}
