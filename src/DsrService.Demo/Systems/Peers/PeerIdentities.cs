namespace DsrService.Demo.Systems.Peers;

/// <summary>What the demo's peers call the kinds of identifiers; the data maps say the same from the other side.</summary>
internal static class PeerIdentities
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["email"] = "email",
        ["customer-number"] = "controller_customer_id",
        ["cookie-id"] = "cookie_id",
        ["device-id"] = "device_id",
        ["facebook-id"] = "facebook_id",
    };

    public static string TypeOf(string kind) => Types[kind];

    public static string? KindOf(string? type) => Types.FirstOrDefault(pair => pair.Value == type).Key;
}
