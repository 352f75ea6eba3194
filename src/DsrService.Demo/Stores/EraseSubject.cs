using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>Erases a person's rows (Art. 17). What the law keeps is cut down and answered for with a handle; a scope item
/// with a handle erases what was kept under it once its reason has ended.</summary>
internal static class EraseSubject
{
    private const string LegalClaims = "17-3-e";

    public static async Task<ReceiptDraft> Handle(TaskWork work, CancellationToken cancel)
    {
        work.AddPersons(work.Store.Categories.SelectMany(category =>
            work.Scope(category)?.Handle is { } handle ? EraseRows.Persons(handle, category) : []));
        if (work.Acted.Any())
            await work.Store.BeforeChange(work, cancel);
        var draft = new ReceiptDraft();
        await work.Store.Erasing(work, () => Erase(work, draft, cancel), cancel);
        await work.Note([], cancel);
        return draft;
    }

    private static async Task Erase(TaskWork work, ReceiptDraft draft, CancellationToken cancel)
    {
        foreach (var category in work.Store.Categories)
            switch (work.Scope(category))
            {
                case { Decision: ScopeDecision.Act }:
                    await work.Store.Erase(work, category, draft, cancel);
                    break;
                case { Decision: ScopeDecision.Keep } kept:
                    // Claims may turn on what the other reasons have no need of.
                    await EraseRows.Keep(work, category, draft, cutDown: kept.Reason != LegalClaims, cancel);
                    break;
            }
    }
}
