using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>The persons of a store behind a task's identifiers. Only verified identifiers find; an unverified one tells
/// apart those already found and never adds anybody. An objection to marketing acts on the address given.</summary>
internal static class FindSubject
{
    public static async Task<Guid[]> Handle(TaskWork work, CancellationToken cancel)
    {
        var byTrust = (work.Task.Identifiers ?? []).ToLookup(identifier =>
            identifier.Verified || TaskContext.ActsOnUnverified(work.Task.Action));
        var found = await Refs(work, byTrust[true], cancel);
        if (found.Length < 2 || !byTrust[false].Any())
            return found;
        var named = await Refs(work, byTrust[false], cancel);
        Guid[] narrowed = [.. found.Intersect(named)];
        return narrowed.Length > 0 ? narrowed : found;
    }

    private static async Task<Guid[]> Refs(TaskWork work, IEnumerable<SubjectIdentifier> identifiers, CancellationToken cancel)
    {
        var values = identifiers.ToLookup(identifier => identifier.Kind, Normal);
        var needs = work.Store.Needs;
        if (!needs.Any(values.Contains))
            return [];
        return [.. await Sql.List(work.Connection, work.Store.Find, row => row.GetGuid(0), cancel,
            [.. needs.Select(kind => (kind.Replace('-', '_'), (object)values[kind].ToArray()))])];
    }

    private static string Normal(SubjectIdentifier identifier) => identifier.Kind is "email"
        ? identifier.Value.Reveal().Trim().ToLowerInvariant()
        : identifier.Value.Reveal().Trim();
}
