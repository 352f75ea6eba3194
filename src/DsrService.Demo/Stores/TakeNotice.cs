using DsrService.Sdk;

namespace DsrService.Demo.Stores;

/// <summary>Takes note, as a recipient, of a rectification, erasure or restriction (Art. 19).</summary>
internal static class TakeNotice
{
    public static async Task<ReceiptDraft> Handle(TaskWork work, CancellationToken cancel)
    {
        var draft = new ReceiptDraft();
        foreach (var category in work.Store.Categories.Where(category => work.Task.Scope.Count == 0 || work.Scope(category) is not null))
            draft.Found(category.Name, await work.Count(category, "ref = any(@refs)", cancel));
        await work.Note([], cancel);
        return draft;
    }
}
