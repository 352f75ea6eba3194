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
        if (work.Store.Gives.Count == 0 || work.Refs.Length == 0)
            return;
        var known = string.Join(" union ", work.Store.Categories.SelectMany(category => category.Gives, (category, gift) =>
            $"select distinct '{gift.Kind}', {gift.Column}, {gift.Verified} from {work.Table(category)} where ref = any(@refs) and {gift.Column} is not null"));
        foreach (var (kind, value, verified) in await Sql.List(work.Connection, known,
            row => (row.GetString(0), row.GetString(1), row.GetBoolean(2)), cancel, ("refs", work.Refs)))
            draft.Gives(kind, value, verified);
    }
}
