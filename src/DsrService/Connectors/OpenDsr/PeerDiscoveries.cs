using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using DsrService.DataMap;
using DsrService.Hosting;
using Microsoft.Extensions.Options;

namespace DsrService.Connectors.OpenDsr;

/// <summary>What peers say they can do and sign with, read from them and kept for some minutes by the machine's clock.</summary>
internal sealed class PeerDiscoveries(OpenDsrHttp http, IOptions<DsrOptions> options)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Controller, string System, Uri Address), Known> known = new();
    private readonly ConcurrentDictionary<(string Controller, string System, Uri Address), long> readToCheck = new();
    private readonly OpenDsrTrust trust = OpenDsrTrust.From(options.Value.OpenDsr.Roots);

    private sealed record Known(OpenDsrDiscovery Discovery, IReadOnlyList<X509Certificate2> Published, long At)
    {
        public bool IsFresh => Environment.TickCount64 - At < Fresh.TotalMilliseconds;
    }

    public async Task<Result<OpenDsrDiscovery>> OfAsync(OpenDsrPeer peer, CancellationToken cancel)
    {
        var read = await ReadAsync(peer, again: false, cancel);
        return read.Failed ? read.Failure : read.Value.Discovery;
    }

    /// <summary>Whether a body came from the peer as it is; null where it did. A certificate that was replaced is read anew:
    /// once a minute and no more, since anybody can send a signature that is wrong.</summary>
    public async Task<Failure?> CheckAsync(OpenDsrPeer peer, byte[] body, OpenDsrHeaders? headers, CancellationToken cancel)
    {
        if (peer.Pinned.Count > 0)
            return Check(peer, body, headers, peer.Pinned, pinned: true);
        // Before anything is fetched on the word of a stranger.
        if (headers is null || !string.Equals(headers.Domain, peer.Peering.Domain, StringComparison.OrdinalIgnoreCase))
            return Check(peer, body, headers, [], pinned: false);
        var key = KeyOf(peer);
        var problem = known.TryGetValue(key, out var former) && former.IsFresh
            ? Check(peer, body, headers, former.Published, pinned: false)
            : new("opendsr.discovery_unreadable", "The processor's certificate cannot be fetched.", StatusCodes.Status401Unauthorized);
        if (problem is null || !MayRead(key))
            return problem;
        var read = await ReadAsync(peer, again: true, cancel);
        return read.Failed ? read.Failure : Check(peer, body, headers, read.Value.Published, pinned: false);
    }

    // Of several at once one reads; what cannot be read counts too.
    private bool MayRead((string, string, Uri) key)
    {
        var now = Environment.TickCount64;
        return readToCheck.TryGetValue(key, out var last) ? now - last >= BetweenChecks.TotalMilliseconds && readToCheck.TryUpdate(key, now, last) : readToCheck.TryAdd(key, now);
    }

    private static (string Controller, string System, Uri Address) KeyOf(OpenDsrPeer peer) => (peer.Controller, peer.System, peer.Address);

    // The true clock: the peer knows no other.
    private Failure? Check(OpenDsrPeer peer, byte[] body, OpenDsrHeaders? headers, IReadOnlyList<X509Certificate2> certificates, bool pinned) =>
        trust.Check(body, headers, peer.Peering.Domain, certificates, pinned, TimeProvider.System.GetUtcNow());

    private async Task<Result<Known>> ReadAsync(OpenDsrPeer peer, bool again, CancellationToken cancel)
    {
        var key = KeyOf(peer);
        if (!again && known.TryGetValue(key, out var former) && former.IsFresh)
            return former;
        var answer = await http.SendAsync(HttpMethod.Get, peer.Discovery, peer.Authorization, null, cancel);
        if (answer.Status != HttpStatusCode.OK || OpenDsrJson.Read<OpenDsrDiscovery>(answer.Body) is not { } discovery)
        {
            // What these two document stands in for it.
            if (peer.Peering.Dialect == OpenDsrDialect.Standard)
                return new Failure("opendsr.discovery_unreadable", "The peer's discovery cannot be read.");
            discovery = new();
        }
        return known[key] = new(discovery, await CertificatesAsync(peer, discovery, cancel), Environment.TickCount64);
    }

    private async Task<IReadOnlyList<X509Certificate2>> CertificatesAsync(OpenDsrPeer peer, OpenDsrDiscovery discovery, CancellationToken cancel)
    {
        // Its domain must be that of the discovery, or it would be somebody else's word.
        if (peer.Pinned.Count > 0 || !Uri.TryCreate(discovery.ProcessorCertificate, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https") || address.Host != peer.Address.Host && address.Host != peer.Peering.Domain)
            return [];
        var answer = await http.SendAsync(HttpMethod.Get, address, null, null, cancel);
        return answer.Status == HttpStatusCode.OK ? [.. PeerCertificates.Read(answer.Body.AsSpan()).Take(3)] : [];
    }
}
