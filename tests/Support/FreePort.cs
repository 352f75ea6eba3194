using System.Net;
using System.Net.Sockets;

namespace DsrService.Testing;

internal static class FreePort
{
    /// <summary>A loopback port that was free a moment ago; whoever binds it must be ready to find it taken.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
