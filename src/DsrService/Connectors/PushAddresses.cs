using System.Net;
using System.Net.Sockets;
using DsrService.Hosting;
using Microsoft.Extensions.Options;

namespace DsrService.Connectors;

/// <summary>Which network addresses tasks may be pushed to: public ones, and of all others only those that
/// <c>Dsr:PrivateSystems</c> names. The name is resolved and the answer checked at each connection, so that a name cannot
/// be turned on our own network after somebody looked at it.</summary>
internal sealed class PushAddresses(IOptions<DsrOptions> options)
{
    // Not the public internet: RFC 6890 and its successors in IANA's special-purpose registries.
    private static readonly IPNetwork[] NotPublic =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Of IPv6 only 2000::/3 is given out, and of that these lead elsewhere: Teredo, benchmarks, ORCHID, documentation, 6to4.
            "::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        ]).Select(IPNetwork.Parse),
    ];

    private readonly IPNetwork[] allowed = Parse(options.Value.PrivateSystems);

    /// <summary>Whether the address is of our own surroundings and named in the configuration.</summary>
    public bool IsPrivateAndAllowed(IPAddress address) => Array.Exists(allowed, network => network.Contains(Plain(address)));

    public static bool IsPublic(IPAddress address) => !Array.Exists(NotPublic, network => network.Contains(Plain(address)));

    /// <summary>For a client that goes nowhere else, follows no redirect and keeps nothing.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxResponseHeadersLength = 32,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = ConnectAsync,
    };

    /// <summary>Connects to the first of the name's addresses that is allowed and answers.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var plain = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttp;
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancel);
        // Without TLS the identifiers would cross the internet readable.
        var open = addresses.Where(address => IsPrivateAndAllowed(address) || IsPublic(address) && !plain).ToArray();
        if (open.Length == 0)
            throw new AddressRefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads the setting; a wrong value stops the start.</summary>
    public static IPNetwork[] Parse(IReadOnlyList<string> setting) => [.. setting.Select(text =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
        : throw new OptionsValidationException("Dsr:PrivateSystems", typeof(DsrOptions),
            [$"Dsr:PrivateSystems holds '{text}', which is neither an address nor a network."]))];

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}

/// <summary>The peer's name leads to no address that tasks may be pushed to.</summary>
internal sealed class AddressRefusedException() : Exception("The address may not be pushed to.");
