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
        if (work.Store.KnownBy is { } known && work.Refs.Length > 0)
            foreach (var (kind, value) in await Sql.List(work.Connection, known, row => (row.GetString(0), row.GetString(1)), cancel, ("refs", work.Refs)))
                draft.Gives(kind, value);
        return draft;
    }
}
