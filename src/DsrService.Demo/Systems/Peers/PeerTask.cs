using System.Text.Json;
using System.Text.Json.Nodes;
using DsrService.Connectors.OpenDsr;
using DsrService.Demo.Stores;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Systems.Peers;

/// <summary>A request over OpenDSR as the task that the store works.</summary>
internal sealed record PeerTask(SystemTask Task, string Type, string? Callback)
{
    /// <summary>Null where it cannot be read or is of no kind that this peer knows.</summary>
    public static PeerTask? Read(DemoStore store, string text, DateTimeOffset now)
    {
        try
        {
            var body = JsonNode.Parse(text)!.AsObject();
            var domain = PeerSigner.Domain(store.Controller, store.Key);
            var type = (string)body["subject_request_type"]!;
            var asked = body["extensions"]?[domain]?[PeerWish.Extension].Deserialize<ExtendedTask>(DsrJson.Options);
            if (!Guid.TryParseExact((string?)body["subject_request_id"], "D", out var id) || Action(type, asked) is not { } action)
                return null;
            return new(new SystemTask
            {
                TaskId = id,
                Reference = asked?.Reference ?? "",
                Controller = store.Controller,
                System = store.Key,
                Action = action,
                Identifiers = [.. Identifiers(body["subject_identities"]!.AsArray())],
                Scope = asked?.Scope ?? [.. store.Categories.Select(category => new ScopeItem { Category = category.Name, Decision = ScopeDecision.Act })],
                Corrections = asked?.Corrections,
                IssuedAt = now,
                DueAt = asked?.DueAt ?? now.AddDays(14),
                Attempt = 1,
                Preview = asked?.Preview ?? false,
                Verifies = asked?.Verifies,
            }, type, (string?)body["status_callback_urls"]?[0]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            return null;
        }
    }

    private static TaskAction? Action(string type, ExtendedTask? asked) => type switch
    {
        "access" => TaskAction.Access,
        "portability" => TaskAction.Export,
        "erasure" => TaskAction.Erase,
        _ when asked is not null && type == $"dsr-{(asked.Preview ? "preview-" : "")}{DsrJson.Kebab(asked.Action)}" => asked.Action,
        _ => null,
    };

    private static IEnumerable<SubjectIdentifier> Identifiers(JsonArray identities) =>
        from identity in identities
        let kind = PeerIdentities.KindOf((string?)identity!["identity_type"])
        where kind is not null && (string?)identity["identity_format"] == OpenDsrIdentity.Raw
        // The controller vouches for whom it names.
        select new SubjectIdentifier(kind, (string)identity["identity_value"]!, true);
}
