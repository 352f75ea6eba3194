using DsrService.Sdk;

namespace DsrService.Demo.Stores;

/// <summary>Follows, as a recipient, what it is told of (Art. 19): an erasure erases here too, a restriction restricts.</summary>
internal static class TakeNotice
{
    private const string Erasure = "17";
    private const string Restriction = "18";

    public static async Task<ReceiptDraft> Handle(TaskWork work, CancellationToken cancel)
    {
        var draft = new ReceiptDraft();
        foreach (var category in work.Acted)
            switch (work.Scope(category)?.Reason)
            {
                case Erasure:
                    await work.Store.Erase(work, category, draft, cancel);
                    break;
                case Restriction:
                    draft.Restricted(category.Name, await work.Run(
                        $"update {work.Table(category)} set restricted = true where ref = any(@refs)", cancel));
                    break;
                default:
                    draft.Found(category.Name, await work.Count(category, "ref = any(@refs)", cancel));
                    break;
            }

        await work.Note([], cancel);
        return draft;
    }
}
