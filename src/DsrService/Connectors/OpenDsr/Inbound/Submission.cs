using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>The body of a request as it comes in. What it holds beyond the specification is passed over.</summary>
internal sealed record SubmissionBody
{
    public string? Regulation { get; init; }
    public string? SubjectRequestId { get; init; }
    public string? SubjectRequestType { get; init; }
    public string? SubmittedTime { get; init; }
    public IReadOnlyList<OpenDsrIdentity?>? SubjectIdentities { get; init; }
    public string? ApiVersion { get; init; }
    public IReadOnlyList<string?>? StatusCallbackUrls { get; init; }
    public JsonElement Extensions { get; init; }

    public override string ToString() => "[personal]";
}

/// <summary>Our extension in a request: what the other rights need to be told.</summary>
internal sealed record SubmissionExtension
{
    /// <summary>Of whole requests. That of single tasks (<see cref="PeerWish.Extension"/>) is another.</summary>
    public const string Name = "dsr-service-request-1";

    public string? Language { get; init; }
    public string? Country { get; init; }
    public ErasureInput? Erasure { get; init; }
    public IReadOnlyList<CorrectionInput?>? Corrections { get; init; }
    public RestrictionInput? Restriction { get; init; }
    public ObjectionInput? Objection { get; init; }

    public override string ToString() => "[personal]";
}

/// <summary>A request that came in, found in order as far as the protocol goes.</summary>
internal sealed partial record Submission(Guid Id, SubmitInput Input, DateTimeOffset SubmittedAt, string[] Callbacks)
{
    private const int MostCallbacks = 5;
    private const int LongestCallback = 1000;

    private static readonly Dictionary<string, Right> Types = new(StringComparer.Ordinal)
    {
        ["access"] = Right.Access,
        ["portability"] = Right.Portability,
        ["erasure"] = Right.Erasure,
        ["dsr-rectification"] = Right.Rectification,
        ["dsr-restriction"] = Right.Restriction,
        ["dsr-objection"] = Right.Objection,
    };

    /// <summary>The types that a controller's rights come to.</summary>
    public static IReadOnlyList<string> TypesOf(ControllerDataMap map) => [.. Types.Where(type => map.Controller.Rights.Contains(type.Value)).Select(type => type.Key)];

    /// <summary>Personal through and through.</summary>
    public override string ToString() => Id.ToString("D");

    public static Result<Submission> Read(byte[] bytes, InboundCaller caller, ProtocolVersion version, string domain)
    {
        if (OpenDsrJson.Read<SubmissionBody>(bytes) is not { } body)
            return Wrong("$", "Could not be read as JSON of the specification's shape.");
        if (body.Regulation != "gdpr" && !(body.Regulation is null && version == ProtocolVersion.One))
            return Wrong("regulation", "Must be gdpr.");
        if (body.SubjectRequestId is not { } text || !VersionFour().IsMatch(text))
            return Wrong("subject_request_id", "Must be a UUID of version 4 in lower case.");
        if (!Types.TryGetValue(body.SubjectRequestType ?? "", out var right) || !caller.Map.Controller.Rights.Contains(right))
            return Wrong("subject_request_type", $"Must be one of: {string.Join(", ", TypesOf(caller.Map))}.");
        if (!DateTimeOffset.TryParseExact(body.SubmittedTime, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var submitted))
            return Wrong("submitted_time", "Must be an instant such as 2026-11-02T15:00:00Z.");
        var identifiers = Identifiers(body.SubjectIdentities, caller.Entry);
        if (identifiers.Failed)
            return identifiers.Failure;
        var callbacks = ReadCallbacks(body.StatusCallbackUrls, caller);
        if (callbacks.Failed)
            return callbacks.Failure;
        var extension = Extension(body.Extensions, domain);
        if (extension.Failed)
            return extension.Failure;
        return new Submission(Guid.ParseExact(text, "D"), NewInput(right, identifiers.Value, extension.Value, caller.Entry), submitted.ToUniversalTime(), callbacks.Value);
    }

    private static SubmitInput NewInput(Right right, IReadOnlyList<IdentifierInput> identifiers, SubmissionExtension extension, OpenDsrCaller caller) => new()
    {
        Right = right,
        Language = extension.Language,
        Country = extension.Country,
        // Of whoever vouches the address is a contact and says nothing of whose data it is. Otherwise it is the person's, who confirms there.
        Requester = caller.Vouches
            ? new RequesterInput(caller.Name, caller.Contact, Relation.Representative)
            : new RequesterInput(null, identifiers.FirstOrDefault(identifier => identifier.Kind == IdentifierKind.Email)?.Value, Relation.Self),
        Identifiers = identifiers,
        Erasure = extension.Erasure,
        Corrections = extension.Corrections,
        Restriction = extension.Restriction,
        Objection = extension.Objection ?? (right == Right.Objection ? new ObjectionInput(null, null) : null),
    };

    private static Result<IReadOnlyList<IdentifierInput>> Identifiers(IReadOnlyList<OpenDsrIdentity?>? identities, OpenDsrCaller caller)
    {
        if (identities is not { Count: > 0 })
            return Wrong("subject_identities", "Name at least one.");
        var found = new List<IdentifierInput>();
        foreach (var (at, identity) in identities.Index())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"subject_identities[{at}]");
            if (identity?.IdentityFormat is "sha1" or "md5" or "sha256")
                return new Failure("opendsr.identity_hashed", "Nobody can be looked up by a hash here.", StatusCodes.Status400BadRequest) { Errors = At($"{path}.identity_format", "Send it raw; discovery lists no hashes.") };
            if (identity?.IdentityFormat != OpenDsrIdentity.Raw)
                return Wrong($"{path}.identity_format", "Must be raw.");
            if (!caller.Identities.TryGetValue(identity.IdentityType ?? "", out var kind))
                return Wrong($"{path}.identity_type", $"Must be one of: {string.Join(", ", caller.Identities.Keys)}.");
            found.Add(new(kind, identity.IdentityValue));
        }
        return caller.Vouches || found.Exists(identifier => identifier.Kind == IdentifierKind.Email)
            ? Result<IReadOnlyList<IdentifierInput>>.Of(found)
            : Wrong("subject_identities", "An e-mail address is needed, at which the person can confirm who asks.");
    }

    private static Result<string[]> ReadCallbacks(IReadOnlyList<string?>? urls, InboundCaller caller)
    {
        if (urls?.Count > MostCallbacks)
            return Wrong("status_callback_urls", string.Create(CultureInfo.InvariantCulture, $"May be {MostCallbacks} at most."));
        foreach (var (at, url) in (urls ?? []).Index())
            if (url is not { Length: <= LongestCallback } || !url.All(letter => letter is > ' ' and <= '~') || !Uri.TryCreate(url, UriKind.Absolute, out var address) || !Allowed(address, caller))
                return Wrong(string.Create(CultureInfo.InvariantCulture, $"status_callback_urls[{at}]"), "Must be an https address of the domain agreed on, without credentials or fragment.");
        return (string[])[.. (urls ?? []).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static bool Allowed(Uri address, InboundCaller caller) => address is { UserInfo: "", Fragment: "" }
        && (address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && IsOrBelow(address.IdnHost, caller.Entry.Domain)
            || address.Scheme is "http" or "https" && string.Equals(address.GetLeftPart(UriPartial.Authority), caller.CallbackOrigin, StringComparison.OrdinalIgnoreCase));

    private static bool IsOrBelow(string host, string domain) =>
        string.Equals(host, domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase);

    private static Result<SubmissionExtension> Extension(JsonElement extensions, string domain)
    {
        if (extensions.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return new SubmissionExtension();
        if (extensions.ValueKind != JsonValueKind.Object)
            return Wrong("extensions", "Must be an object by processor domain.");
        // What is meant for other processors is theirs. A domain is the same in any case.
        var ours = extensions.EnumerateObject().Where(pair => string.Equals(pair.Name, domain, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Value).ToList();
        if (ours.Count == 0)
            return new SubmissionExtension();
        if (ours.Count > 1)
            return Wrong("extensions", "Must name each processor domain once.");
        var own = ours[0];
        if (own.ValueKind != JsonValueKind.Object)
            return Wrong("extensions", "Must hold an object for each processor domain.");
        // It says what is to be left alone; passed over, too much would be done.
        if (own.EnumerateObject().Any(extension => extension.Name != SubmissionExtension.Name))
            return Wrong("extensions", $"The only extension served is {SubmissionExtension.Name}.");
        if (!own.TryGetProperty(SubmissionExtension.Name, out var said))
            return new SubmissionExtension();
        try
        {
            return said.Deserialize<SubmissionExtension>(DsrJson.Options) ?? new SubmissionExtension();
        }
        catch (JsonException)
        {
            return Wrong($"extensions.{SubmissionExtension.Name}", "Could not be read.");
        }
    }

    private static Failure Wrong(string path, string message) =>
        new("opendsr.request_invalid", "The request cannot be taken as it is.", StatusCodes.Status400BadRequest) { Errors = At(path, message) };

    private static Dictionary<string, string[]> At(string path, string message) => new() { [path] = [message] };

    [GeneratedRegex(@"\A[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z")]
    private static partial Regex VersionFour();
}
