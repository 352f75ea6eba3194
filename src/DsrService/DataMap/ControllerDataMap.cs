using System.Security.Cryptography;
using System.Text.Json;
using DsrService.Sdk.Contracts;

namespace DsrService.DataMap;

/// <summary>What one controller does with personal data: activities, categories, systems, recipients. It decides which
/// systems get a task for which right, what is handed over, erased or kept and why, and who must be told.
/// Read by <see cref="DataMapReader"/>, which lets nothing inconsistent through.</summary>
internal sealed record ControllerDataMap
{
    public required ControllerFacts Controller { get; init; }
    public required IReadOnlyList<IdentifierKind> IdentifierKinds { get; init; }
    public required IReadOnlyList<DataCategory> Categories { get; init; }
    public required IReadOnlyList<Recipient> Recipients { get; init; }
    public required IReadOnlyList<MappedSystem> Systems { get; init; }
    public required IReadOnlyList<ProcessingActivity> Activities { get; init; }

    /// <summary>Who may bring requests in over OpenDSR.</summary>
    public IReadOnlyList<OpenDsrCaller> Callers { get; init; } = [];

    public IdentifierKind? FindIdentifierKind(string key) => IdentifierKinds.FirstOrDefault(kind => kind.Key == key);

    public DataCategory Category(string key) => Categories.First(category => category.Key == key);

    public Recipient Recipient(string key) => Recipients.First(recipient => recipient.Key == key);

    public MappedSystem System(string key) => Systems.First(system => system.Key == key);

    public IEnumerable<ProcessingActivity> ActivitiesAt(string system) => Activities.Where(activity => activity.System == system);

    /// <summary>The categories a system holds, in the order of the map.</summary>
    public IEnumerable<DataCategory> CategoriesAt(string system) =>
        Categories.Where(category => ActivitiesAt(system).Any(activity => activity.Categories.Contains(category.Key)));

    /// <summary>Other systems whose receipts give identifiers of a kind.</summary>
    public IEnumerable<MappedSystem> GiversOf(string kind, MappedSystem besides) =>
        Systems.Where(system => system.Key != besides.Key && system.Gives.Contains(kind));

    /// <summary>A recipient that decides for itself is told (Art. 19) and not instructed.</summary>
    public bool IsAnotherControllers(MappedSystem system) =>
        system.Recipient is { } recipient && Recipient(recipient).Role != RecipientRole.Processor;

    /// <summary>What can be rectified somewhere, for the form.</summary>
    public IEnumerable<CorrectableField> CorrectableFields() => Systems.SelectMany(system => system.Fields).DistinctBy(field => field.Field);

    /// <summary>SHA-256 over the map's content, whatever its comments and layout: tells one version from another.</summary>
    public string ContentHash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, DsrJson.Options)));
}
