using System.Text;
using DsrService.Data.Sealing;

namespace DsrService.Connectors;

/// <summary>Wraps and opens the secrets we share with a connected system, each under a name of its own.</summary>
internal static class SystemSecrets
{
    public static byte[] WrapSealingKey(this KeyRing ring, string controller, string system, string key) =>
        ring.Wrap(SealingName(controller, system), Encoding.ASCII.GetBytes(key)).Wrapped;

    public static byte[] WrapWebhookSecret(this KeyRing ring, string controller, string system, string secret) =>
        ring.Wrap(WebhookName(controller, system), Encoding.ASCII.GetBytes(secret)).Wrapped;

    public static string OpenSealingKey(this KeyRing ring, ConnectedSystem system) =>
        Encoding.ASCII.GetString(ring.Unwrap(SealingName(system.Controller, system.System), system.SealingKey, system.KeyId));

    public static string OpenWebhookSecret(this KeyRing ring, ConnectedSystem system) =>
        Encoding.ASCII.GetString(ring.Unwrap(WebhookName(system.Controller, system.System), system.WebhookSecret, system.KeyId));

    public static string? OpenFormerWebhookSecret(this KeyRing ring, ConnectedSystem system, DateTimeOffset now) => system.FormerWebhookSecret is null || system.FormerWebhookUntil <= now ? null :
        Encoding.ASCII.GetString(ring.Unwrap(WebhookName(system.Controller, system.System), system.FormerWebhookSecret, system.KeyId));

    public static byte[] WrapAuthorization(this KeyRing ring, string controller, string system, string header) =>
        ring.Wrap(AuthorizationName(controller, system), Encoding.ASCII.GetBytes(header)).Wrapped;

    public static string? OpenAuthorization(this KeyRing ring, ConnectedSystem system) => system.Authorization is null ? null :
        Encoding.ASCII.GetString(ring.Unwrap(AuthorizationName(system.Controller, system.System), system.Authorization, system.KeyId));

    public static string AuthorizationName(string controller, string system) => $"system:{controller}/{system}:authorization";

    public static string SealingName(string controller, string system) => $"system:{controller}/{system}:sealing";

    public static string WebhookName(string controller, string system) => $"system:{controller}/{system}:webhook";
}
