using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Identity;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>Who calls, known by the token. Every query of these endpoints has both keys in the where clause: what another brought in
/// does not exist for it.</summary>
internal sealed record InboundCaller(ControllerDataMap Map, OpenDsrCaller Entry, string? CallbackOrigin)
{
    public string Controller => Map.Controller.Key;

    public string Actor => AuditLog.Caller(Controller, Entry.Key);
}

/// <summary>Finds who calls. Whoever the data map in force no longer names has no access, whatever the token.</summary>
internal sealed class InboundCallers(DsrDbContext db, DataMaps maps)
{
    public async Task<InboundCaller?> FindAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.Headers.Authorization.Count != 1 || StatusAccess.BearerOf(request) is not { Length: > 0 } token)
            return null;
        var hash = Secrets.Hash(token);
        if (await db.Set<CallerCredential>().AsNoTracking().SingleOrDefaultAsync(row => row.TokenHash == hash, cancel) is not { } credential
            || await maps.CurrentAsync(credential.Controller, cancel) is not { Map: var map })
            return null;
        return map.Callers.FirstOrDefault(entry => entry.Key == credential.Caller) is { } entry ? new(map, entry, credential.CallbackOrigin) : null;
    }
}
