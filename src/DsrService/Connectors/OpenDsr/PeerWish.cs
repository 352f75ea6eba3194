using DsrService.DataMap;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.OpenDsr;

/// <summary>A task as a peer takes it: under which request type, about whom, and whether it comes with our extension. What a
/// strict peer would misunderstand goes under a type that it rejects, and only to peers that list the extension.</summary>
internal sealed record PeerWish(string Type, bool Extended, IReadOnlyList<OpenDsrIdentity> Identities)
{
    /// <summary>Our extension, as discovery lists it.</summary>
    public const string Extension = "dsr-service-1";

    private static readonly string[] Documented = ["access", "portability", "erasure"];

    /// <summary>The failure's code says what the peer lacks: then its people are asked.</summary>
    public static Result<PeerWish> Of(OpenDsrPeering peering, OpenDsrDiscovery discovery, SystemTask task)
    {
        var type = TypeOf(task);
        var standard = Documented.Contains(type);
        // Mere silence of these two about their types is not taken for a no to what they document.
        var documented = peering.Dialect != OpenDsrDialect.Standard && discovery.SupportedSubjectRequestTypes is null && standard;
        var extended = discovery.Extends(peering.Domain, Extension);
        if (!documented && (!discovery.Offers(type) || !standard && !extended))
            return Lacks("opendsr.right_not_listed");
        // The standard cannot say that nobody has verified one: such a one goes out only where it may lead to somebody.
        var identities = (task.Identifiers ?? []).Where(identifier => peering.Identities.ContainsKey(identifier.Kind) && (identifier.Verified || TaskContext.ActsOnUnverified(task.Action)))
            .Select(identifier => new OpenDsrIdentity(peering.Identities[identifier.Kind], OpenDsrIdentity.Raw, identifier.Value.Reveal()))
            .Where(identity => peering.Dialect != OpenDsrDialect.Standard && discovery.SupportedIdentities is null || discovery.Knows(identity.IdentityType!))
            .Distinct().ToList();
        // What is erased by its handle needs nobody; whatever else is asked for does.
        if (identities.Count == 0 && !(task.Scope.Count > 0 && task.Scope.All(item => item.Handle is not null)))
            return Lacks("opendsr.identity_not_listed");
        if (peering.Dialect == OpenDsrDialect.MParticle && identities.DistinctBy(identity => identity.IdentityType).Count() < identities.Count)
            return Lacks("opendsr.several_of_one_type");
        return new PeerWish(type, extended, identities);
    }

    private static string TypeOf(SystemTask task) => task switch
    {
        { Action: TaskAction.Access, Preview: false } => "access",
        { Action: TaskAction.Export, Preview: false } => "portability",
        // Asked so, everything goes; where something is to stay, or one item is meant, it is another question.
        { Action: TaskAction.Erase, Preview: false } when task.Scope.All(item => item is { Decision: ScopeDecision.Act, Handle: null }) => "erasure",
        { Preview: true } => $"dsr-preview-{DsrJson.Kebab(task.Action)}",
        _ => $"dsr-{DsrJson.Kebab(task.Action)}",
    };

    private static Failure Lacks(string code) => new(code, "The peer's discovery does not list it.");
}
