using System.Text.Json.Serialization;

namespace DsrService.Requests;

/// <summary>What the person was told at the end, as the status page and the public API show it.</summary>
internal sealed record AnswerContent(string Text, IReadOnlyList<AnswerItem> Items, IReadOnlyList<AnswerRecipient> Recipients);

/// <summary>One data category's fate; retained, refused and set aside always with a reason.</summary>
internal sealed record AnswerItem
{
    /// <summary>The category's name in the person's language.</summary>
    public required string Category { get; init; }
    public required AnswerOutcome Outcome { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Reason { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? LegalBasis { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateOnly? Until { get; init; }
}

/// <summary>A recipient told under Art. 19, and when; null when it could not be told.</summary>
internal sealed record AnswerRecipient(string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? Told);

internal enum AnswerOutcome
{
    Handed,
    Erased,
    Anonymised,
    Rectified,
    Restricted,
    Stopped,
    NothingFound,
    Retained,
    Refused,
    SetAside,
}
