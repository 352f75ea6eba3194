using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DsrService.DataMap;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Writes requests and reads statuses, each dialect in its own way.</summary>
internal static class PeerBodies
{
    public static byte[] Request(OpenDsrPeering peering, PeerWish wish, SystemTask task, string id, Guid? verifies, DateTimeOffset submittedAt, Uri callback)
    {
        var body = new JsonObject
        {
            ["regulation"] = "gdpr",
            ["subject_request_id"] = id,
            ["subject_request_type"] = wish.Type,
            ["submitted_time"] = submittedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["subject_identities"] = peering.Dialect == OpenDsrDialect.MParticle
                ? new JsonObject(wish.Identities.Select(identity => KeyValuePair.Create<string, JsonNode?>(identity.IdentityType!,
                    new JsonObject { ["value"] = identity.IdentityValue, ["encoding"] = identity.IdentityFormat })))
                : JsonSerializer.SerializeToNode(wish.Identities, OpenDsrJson.Options),
            ["status_callback_urls"] = new JsonArray(callback.AbsoluteUri),
        };
        if (peering.Dialect == OpenDsrDialect.AppsFlyer)
            body["property_id"] = peering.Property;
        else
            body["api_version"] = peering.Dialect == OpenDsrDialect.MParticle ? "3.0" : "2.0";
        if (wish.Extended)
            body["extensions"] = new JsonObject
            {
                [peering.Domain] = new JsonObject { [PeerWish.Extension] = JsonSerializer.SerializeToNode(ExtendedTask.Of(task, verifies), DsrJson.Options) },
            };
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }

    /// <summary>Null for a word that is no status.</summary>
    public static PeerStatus? Status(OpenDsrStatus status) => status.RequestStatus switch
    {
        "pending" => PeerStatus.Pending,
        "in_progress" or "in-progress" => PeerStatus.InProgress,
        "completed" => PeerStatus.Completed,
        "cancelled" or "canceled" => PeerStatus.Cancelled,
        _ => null,
    };

    /// <summary>What a peer that speaks our extension says beside the status; null where it says nothing of it.</summary>
    public static Result<ExtendedAnswer?> Extended(OpenDsrPeering peering, OpenDsrStatus status)
    {
        if (status.Extensions.ValueKind != JsonValueKind.Object || !status.Extensions.TryGetProperty(peering.Domain, out var own)
            || own.ValueKind != JsonValueKind.Object || !own.TryGetProperty(PeerWish.Extension, out var said))
            return (ExtendedAnswer?)null;
        try
        {
            return said.Deserialize<ExtendedAnswer>(DsrJson.Options);
        }
        catch (JsonException)
        {
            return new Failure("opendsr.receipt_unreadable", "The peer's receipt cannot be read.");
        }
    }
}

/// <summary>Our extension in a request: what the standard has no word for.</summary>
internal sealed record ExtendedTask
{
    public required TaskAction Action { get; init; }
    public bool Preview { get; init; }

    /// <summary>The <c>subject_request_id</c> of the request whose effect is asked about.</summary>
    public Guid? Verifies { get; init; }

    public IReadOnlyList<ScopeItem> Scope { get; init; } = [];
    public IReadOnlyList<Correction>? Corrections { get; init; }

    /// <summary>The request's reference, for people to speak of.</summary>
    public required string Reference { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    public static ExtendedTask Of(SystemTask task, Guid? verifies) => new()
    {
        Action = task.Action,
        Preview = task.Preview,
        Verifies = verifies,
        Scope = task.Scope,
        Corrections = task.Corrections,
        Reference = task.Reference,
        DueAt = task.DueAt,
    };
}

/// <summary>Our extension in a status: the receipt, its task being the <c>subject_request_id</c>, and where each part of what was
/// found can be had.</summary>
internal sealed record ExtendedAnswer
{
    public Receipt? Receipt { get; init; }
    public IReadOnlyList<PeerResult> Results { get; init; } = [];
}

/// <summary>One part of the data found.</summary>
internal sealed record PeerResult(string Part, string Category, string ContentType, Uri Url);
