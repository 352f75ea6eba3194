using DsrService.Demo.People;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>Takes a person's rows in from an old list, as a system that sends letters does it: the service is asked about
/// each address first, and whoever objected, was erased or is restricted is left out.</summary>
internal static class ImportList
{
    /// <param name="store">A store that remembers addresses it must not write to.</param>
    /// <param name="person">Who is on the list.</param>
    /// <param name="cast">All people of the company.</param>
    /// <param name="ask">What holds for an address.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Outcome> Handle(DemoStore store, SyntheticPerson person, Cast cast, Func<string, CancellationToken, Task<SubjectCheck>> ask, CancellationToken cancel)
    {
        var (taken, left) = (0, new SortedSet<string>(StringComparer.Ordinal));
        await using var connection = await store.Database.OpenConnectionAsync(cancel);
        foreach (var category in store.Categories.Where(category => category is { Suppressed: not null, Rows: not null }))
        {
            var address = category.ColumnNames.ToList().IndexOf(category.Suppressed!);
            var rows = new List<object?[]>();
            foreach (var row in category.Rows!(person, cast))
            {
                var reasons = Reasons(await ask((string)row[address]!, cancel));
                left.UnionWith(reasons);
                if (reasons.Count == 0)
                    rows.Add([Cast.Ref(store.Key, person.Number), .. row]);
            }
            await StoreTables.Fill(connection, store.Schema, new(category.Table, $"ref, {string.Join(", ", category.ColumnNames)}", rows), cancel);
            taken += rows.Count;
        }
        return new(taken, [.. left]);
    }

    private static List<string> Reasons(SubjectCheck check) =>
        [.. check.Objections, .. check.Restricted ? ["restricted"] : Array.Empty<string>(), .. check.Erased ? ["erased"] : Array.Empty<string>()];

    /// <summary>How many rows were taken in, and why others were not.</summary>
    internal sealed record Outcome(int Taken, IReadOnlyList<string> Left);
}
