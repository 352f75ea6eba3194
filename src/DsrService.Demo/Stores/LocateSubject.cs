using DsrService.Sdk;

namespace DsrService.Demo.Stores;

/// <summary>Says whether a person is known and by what; changes nothing.</summary>
internal static class LocateSubject
{
    public static async Task<ReceiptDraft> Handle(TaskWork work, CancellationToken cancel)
    {
        var draft = new ReceiptDraft();
        foreach (var category in work.Store.Categories.Where(category => work.Task.Scope.Count == 0 || work.Scope(category) is not null))
            draft.Found(category.Name, await work.Count(category, "ref = any(@refs)", cancel));
        await GiveIdentifiers(work, draft, cancel);
        return draft;
    }

    /// <summary>What other systems may know the person by; an answer that hands data over tells it too.</summary>
    public static async Task GiveIdentifiers(TaskWork work, ReceiptDraft draft, CancellationToken cancel)
    {
        if (work.Store.KnownBy is not { } known || work.Refs.Length == 0)
            return;
        foreach (var (kind, value) in await Sql.List(work.Connection, known, row => (row.GetString(0), row.GetString(1)), cancel, ("refs", work.Refs)))
            draft.Gives(kind, value);
    }
}
