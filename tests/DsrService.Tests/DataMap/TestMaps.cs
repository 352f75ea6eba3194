using DsrService.DataMap;
using DsrService.Testing;

namespace DsrService.Tests.DataMap;

/// <summary>Data maps for tests: toontrack's as it is delivered, and a small one to break.</summary>
internal static class TestMaps
{
    private static readonly Lazy<ControllerDataMap> Loaded = new(() =>
    {
        var reading = DataMapReader.Read(ToontrackText, "toontrack.yaml");
        return reading.Map ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
    });

    public static string ToontrackText => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "datamaps", "toontrack.yaml"));

    public static ControllerDataMap Toontrack => Loaded.Value;

    /// <summary>A folder with toontrack's, where an accountant (<c>dsr@siffror.example</c>) gets data and has no system.</summary>
    public static string WithRecipientByMail()
    {
        var folder = Reaper.Folder("maps");
        File.WriteAllText(Path.Combine(folder, "toontrack.yaml"), ToontrackText
            .Replace("recipients:\n  - key:", "recipients:\n  - { key: accountant, name: Siffror AB, role: processor, country: SE, contact: dsr@siffror.example }\n  - key:", StringComparison.Ordinal)
            .Replace("categories: [customer-account, postal-address, order-history]\n", "categories: [customer-account, postal-address, order-history]\n    recipients: [accountant]\n", StringComparison.Ordinal)
            .Replace("    recipients: [accountant]\n    recipients: [fulfilment-vendor]\n", "    recipients: [accountant, fulfilment-vendor]\n", StringComparison.Ordinal));
        return folder;
    }

    public const string Small = """
        controller:
          key: acme
          name: Acme AB
          address: Storgatan 1, Lund
          contact: privacy@acme.example
          country: SE
          timeZone: Europe/Stockholm
          calendar: SE
          languages: [en]
          rights: [access, erasure]
          authority: { name: IMY, address: Stockholm, web: https://www.imy.se }
        identifiers:
          - { key: email, label: E-mail, format: email, form: true }
          - { key: number, label: Number }
        categories:
          - { key: account, label: Account }
          - { key: orders, label: Orders }
        recipients:
          - { key: carrier, name: Carrier AB, role: processor, country: SE, contact: dsr@carrier.example }
        systems:
          - { key: shop, label: Shop, binding: bus, needs: [email], gives: [number], actions: [locate, access, erase] }
          - { key: stock, label: Stock, binding: bus, needs: [number], actions: [access, erase] }
        activities:
          - key: sell
            purpose: To sell
            legalBasis: contract
            reading: policy
            system: shop
            categories: [account]
            recipients: [carrier]
            source: provided
            retention: { period: P1Y, from: recorded }
            endsOnErasure: true
          - key: send
            purpose: To send
            legalBasis: contract
            reading: policy
            system: stock
            categories: [orders]
            source: provided
            retention: { period: P1Y, from: recorded }
            endsOnErasure: true
        """;
}
