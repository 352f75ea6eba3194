using System.Security.Cryptography.X509Certificates;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.OpenDsr;

/// <summary>A processor that speaks OpenDSR, ready to be spoken to.</summary>
internal sealed record OpenDsrPeer(string Controller, string System, OpenDsrPeering Peering, Uri Address, string? Authorization, IReadOnlyList<X509Certificate2> Pinned)
{
    public Uri Discovery => At("discovery");

    public Uri Requests => At(Peering.Dialect == OpenDsrDialect.AppsFlyer ? "opendsr_requests" : "requests");

    public Uri Request(string id) => new($"{Requests.AbsoluteUri}/{id}");

    /// <summary>Credentials go to the peer and to nobody it names.</summary>
    public string? AuthorizationFor(Uri address) => address.GetLeftPart(UriPartial.Authority) == Address.GetLeftPart(UriPartial.Authority) ? Authorization : null;

    private Uri At(string path) => new($"{Address.AbsoluteUri.TrimEnd('/')}/{path}");
}

/// <summary>Puts together what the data map says of a peer and what the installation was given for it.</summary>
internal sealed class OpenDsrPeers(DsrDbContext db, KeyRing ring)
{
    /// <summary>Null where the map names no such peer or nobody said where it is.</summary>
    public async Task<OpenDsrPeer?> FindAsync(ControllerDataMap map, string system, CancellationToken cancel)
    {
        if (map.Systems.FirstOrDefault(row => row.Key == system)?.OpenDsr is not { } peering)
            return null;
        var controller = map.Controller.Key;
        var row = await db.Set<ConnectedSystem>().AsNoTracking().SingleOrDefaultAsync(row => row.Controller == controller && row.System == system, cancel);
        return Uri.TryCreate(row?.Address ?? peering.Address, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new(controller, system, peering, address, row is null ? null : ring.OpenAuthorization(row), row?.Certificates is { } pem ? PeerCertificates.Read(pem) : [])
            : null;
    }
}
