using DsrService.Data;
using DsrService.DataMap;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.Vendors;

/// <summary>Who holds a link: the contact of one system, and of nothing else.</summary>
internal sealed record VendorCaller(Guid Link, string Contact, ControllerFacts Controller, MappedSystem System, DateTimeOffset ExpiresAt)
{
    /// <summary>By whom a task was done, as its receipt names it.</summary>
    public string Handler => $"vendor:{Contact}";
}

/// <summary>Finds who comes with a link's token. One that is unknown, over, or was sent to somebody whom the data map no longer
/// names leads nowhere, all three alike.</summary>
internal sealed class FindVendor(DsrDbContext db, DataMaps maps, TimeProvider time)
{
    public static Failure Refused => new("vendor.link_not_valid",
        "This link does not work, or not any more. As long as something waits for you, we send a fresh one to the address we know.", StatusCodes.Status403Forbidden);

    public async Task<Result<VendorCaller>> HandleAsync(string? token, CancellationToken cancel)
    {
        var (hash, now) = (Secrets.Hash(token ?? ""), time.GetUtcNow());
        var link = await db.Set<VendorLink>().AsNoTracking().SingleOrDefaultAsync(row => row.TokenHash == hash && row.ExpiresAt > now, cancel);
        if (link is null || await maps.CurrentAsync(link.Controller, cancel) is not { } current
            || current.Map.Systems.FirstOrDefault(system => system.Key == link.System) is not { } system || system.VendorContact != link.Contact)
            return Refused;
        return new VendorCaller(link.Id, link.Contact, current.Map.Controller, system, link.ExpiresAt);
    }
}
