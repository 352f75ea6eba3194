using DsrService.DataMap;

namespace DsrService.Fulfilment.Plan;

/// <summary>Which systems can be reached with what is known, and over which others: what one finds feeds the next.</summary>
internal sealed class IdentifierRoutes(ControllerDataMap map, IReadOnlyCollection<string> knownKinds)
{
    /// <summary>Whether a known identifier, or one that a reachable system gives, leads to the system. The map has no cycles.</summary>
    public bool Reaches(MappedSystem system) =>
        system.Needs.Any(kind => knownKinds.Contains(kind) || map.GiversOf(kind, system).Any(Reaches));

    /// <summary>The systems whose answers the system waits for, even where one identifier is known: a person may have several.</summary>
    public IEnumerable<MappedSystem> Feeders(MappedSystem system) =>
        system.Needs.SelectMany(kind => map.GiversOf(kind, system)).Distinct().Where(Reaches);
}
