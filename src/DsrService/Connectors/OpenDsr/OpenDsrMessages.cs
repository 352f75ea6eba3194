using System.Text.Json;
using System.Text.Json.Serialization;

namespace DsrService.Connectors.OpenDsr;

/// <summary>JSON as the specification has it. What peers add beyond it is passed over.</summary>
internal static class OpenDsrJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
    };

    /// <summary>Null where it cannot be read.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> body) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One identity; in discovery without its value.</summary>
internal sealed record OpenDsrIdentity(string? IdentityType, string? IdentityFormat, string? IdentityValue = null)
{
    public const string Raw = "raw";

    /// <summary>The value is personal.</summary>
    public override string ToString() => $"{IdentityType} ({IdentityFormat})";
}

/// <summary>What a processor says it can do.</summary>
internal sealed record OpenDsrDiscovery
{
    public string? ApiVersion { get; init; }
    public IReadOnlyList<OpenDsrIdentity?>? SupportedIdentities { get; init; }
    public IReadOnlyList<string?>? SupportedSubjectRequestTypes { get; init; }
    public string? ProcessorCertificate { get; init; }

    /// <summary>Names of extensions by processor domain, as a proposed later version has it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string?>?>? SupportedExtensions { get; init; }

    public bool Offers(string type) => SupportedSubjectRequestTypes?.Contains(type) is true;

    public bool Knows(string identityType) =>
        SupportedIdentities?.Any(identity => identity?.IdentityType == identityType && identity.IdentityFormat is OpenDsrIdentity.Raw or null) is true;

    public bool Extends(string domain, string extension) =>
        SupportedExtensions?.FirstOrDefault(pair => string.Equals(pair.Key, domain, StringComparison.OrdinalIgnoreCase)).Value?.Contains(extension) is true;
}

/// <summary>What a processor says of one request: in answer to a question, or by itself in a callback.</summary>
internal sealed record OpenDsrStatus
{
    public string? ControllerId { get; init; }
    public string? ExpectedCompletionTime { get; init; }
    public string? StatusCallbackUrl { get; init; }
    public string? SubjectRequestId { get; init; }
    public string? RequestStatus { get; init; }
    public string? ApiVersion { get; init; }
    public string? ResultsUrl { get; init; }
    public int? ResultsCount { get; init; }

    /// <summary>An object by processor domain; some dialects send a list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Extensions { get; init; }
}

/// <summary>Where a request stands at the peer.</summary>
internal enum PeerStatus
{
    Pending,
    InProgress,
    Completed,
    Cancelled,
}
