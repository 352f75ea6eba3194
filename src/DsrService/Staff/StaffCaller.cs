using DsrService.Audit;
using DsrService.Requests;

namespace DsrService.Staff;

/// <summary>Who of the staff calls, and what was granted where (invariant 14: controllers are apart).</summary>
internal sealed record StaffCaller(Guid Id, string DisplayName, IReadOnlyList<CallerGrant> Grants)
{
    /// <summary>The actor of this caller's audit entries.</summary>
    public string Actor => AuditLog.Staff(Id);

    /// <summary>Controllers whose requests the caller may read: those of its agents and auditors.</summary>
    public IReadOnlyList<string> ReadableControllers =>
        [.. ControllersFor(StaffRole.Agent).Union(ControllersFor(StaffRole.Auditor), StringComparer.Ordinal)];

    /// <summary>The controllers at which the caller holds <paramref name="least"/> or a role that includes it.</summary>
    public IReadOnlyList<string> ControllersFor(StaffRole least) =>
        [.. Grants.Where(grant => grant.Role.Includes(least)).Select(grant => grant.Controller).Distinct(StringComparer.Ordinal)];

    public bool Has(StaffRole least) => Grants.Any(grant => grant.Role.Includes(least));

    public bool Has(StaffRole least, string controller) =>
        Grants.Any(grant => grant.Controller == controller && grant.Role.Includes(least));

    /// <summary>Whether the caller owns this very system.</summary>
    public bool Owns(string controller, string system) =>
        Grants.Any(grant => grant.Role == StaffRole.SystemOwner && grant.Controller == controller && grant.System == system);

    /// <summary>The moves open to the caller at a controller, from a status.</summary>
    public IReadOnlyList<RequestMove> MovesAt(string controller, RequestStatus from) =>
        [.. Grants.Where(grant => grant.Controller == controller).SelectMany(grant => RequestLifecycle.MovesFor(from, grant.Role)).Distinct()];

    /// <summary>The caller of an endpoint that asks for one: set once sign-in or token has been checked.</summary>
    public static ValueTask<StaffCaller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<StaffCaller>());
}

/// <summary>A role at one controller; for a system owner at one of its systems.</summary>
internal sealed record CallerGrant(string Controller, StaffRole Role, string? System = null);
