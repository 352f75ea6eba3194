using Microsoft.Extensions.Configuration;

namespace DsrService.Sdk;

/// <summary>How one connected system reaches the service, and the secrets the service gave it. Never printed.</summary>
public sealed class ServiceConnection
{
    /// <summary>Address of the service's role <c>systems</c>, such as <c>https://dsr.example.org</c>. The token is sent to
    /// this origin only, whatever the links of a task say.</summary>
    public required Uri Address { get; init; }

    /// <summary>The bearer token for uploads, and for answers over HTTP.</summary>
    public required string Token { get; init; }

    /// <summary>Sealing keys, each 32 bytes as base64url. The first seals, all of them open, so that a key can be replaced
    /// while tasks are under way.</summary>
    public required IReadOnlyList<string> SealingKeys { get; init; }

    /// <summary>Secrets of pushed tasks (<c>whsec_…</c>), any of which may have signed. Only for tasks pushed over HTTP.</summary>
    public IReadOnlyList<string> WebhookSecrets { get; init; } = [];

    /// <summary>Reads <c>Address</c>, <c>Token</c>, <c>SealingKey</c> and <c>WebhookSecret</c> from configuration; each secret
    /// may lie in a file named by the same key followed by <c>File</c>, and several values are parted by spaces.</summary>
    /// <exception cref="InvalidOperationException">A value is missing; the message names it and shows no value.</exception>
    public static ServiceConnection From(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new()
        {
            Address = new(section["Address"] ?? throw Missing(section, "Address"), UriKind.Absolute),
            Token = Secret(section, "Token") ?? throw Missing(section, "Token"),
            SealingKeys = Secret(section, "SealingKey")?.Split(' ') ?? throw Missing(section, "SealingKey"),
            WebhookSecrets = Secret(section, "WebhookSecret")?.Split(' ') ?? [],
        };
    }

    /// <summary>Always <c>[connection]</c>.</summary>
    public override string ToString() => "[connection]";

    private static string? Secret(IConfigurationSection section, string key) =>
        section[key] ?? (section[key + "File"] is { } file ? File.ReadAllText(file).Trim() : null);

    private static InvalidOperationException Missing(IConfigurationSection section, string key) =>
        new($"{section.Path}:{key} is missing.");
}
