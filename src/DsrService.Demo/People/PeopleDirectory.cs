using DsrService.Demo.Companies;

namespace DsrService.Demo.People;

/// <summary>Who is behind an identifier, by the demo's own knowledge of its people: the stores know them by less, and after
/// an erasure by nothing.</summary>
internal static class PeopleDirectory
{
    /// <summary>The identifier given and all others of the company's people it belongs to.</summary>
    public static IReadOnlyList<(string Kind, string Value)> AllOf(string controller, string kind, string value) =>
    [
        .. (DemoCompanies.Find(controller)?.People ?? [])
            .Where(person => person.Identifiers().Contains((kind, value), IgnoringCase.Instance))
            .SelectMany(person => person.Identifiers())
            .Prepend((kind, value))
            .Distinct(IgnoringCase.Instance),
    ];

    private sealed class IgnoringCase : IEqualityComparer<(string Kind, string Value)>
    {
        public static readonly IgnoringCase Instance = new();

        public bool Equals((string Kind, string Value) one, (string Kind, string Value) other) =>
            one.Kind == other.Kind && string.Equals(one.Value, other.Value, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Kind, string Value) identifier) =>
            HashCode.Combine(identifier.Kind, StringComparer.OrdinalIgnoreCase.GetHashCode(identifier.Value));
    }
}
