using System.Text.Json.Serialization;
using DsrService.Notices;
using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment.Desk;

/// <summary>Art. 19: one recipient of one request, whether it was told, and what it said.</summary>
internal sealed record RecipientEntry
{
    public static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    public required string Reference { get; init; }
    public required string Recipient { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<string> Categories { get; init; }
    public required RecipientWay Way { get; init; }

    /// <summary>The system by which it is told; null where it is written to.</summary>
    public string? System { get; init; }
    public Guid? Task { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset? ToldAt { get; init; }

    public required RecipientState State { get; init; }

    /// <summary>When it answered.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }
    public ReceiptOutcome? Outcome { get; init; }

    /// <summary>What it did with what it held, as it says.</summary>
    public IReadOnlyList<ReceiptItem> Items { get; init; } = [];

    /// <summary>A code or words: why it could not be told, or why staff gave it up.</summary>
    public string? Reason { get; init; }

    /// <summary>What it wrote to the agent.</summary>
    public IReadOnlyList<string> Messages { get; init; } = [];

    public static RecipientEntry Of(RequestTask task, string reference, string recipient, string name, DateTimeOffset now)
    {
        var told = task.ToldAt;
        var answered = task.Outcome is null ? null : task.HandledAt is { } handled && handled < task.EndedAt ? handled : task.EndedAt;
        return new RecipientEntry
        {
            Reference = reference,
            Recipient = recipient,
            Name = name,
            Categories = [.. task.ScopeItems.Select(scope => scope.Category)],
            Way = task.Binding == Binding.Manual ? RecipientWay.ByHand : RecipientWay.System,
            System = task.System,
            Task = task.Id,
            ToldAt = told,
            State = task.State == TaskState.SetAside ? RecipientState.SetAside
                : task.Outcome == ReceiptOutcome.Refused ? RecipientState.Refused
                : task.Outcome is not null ? answered - told > Patience ? RecipientState.AnsweredLate : RecipientState.Answered
                : told is { } at ? now - at > Patience ? RecipientState.Silent : RecipientState.Told
                : task.LastError is not null ? RecipientState.NotReached
                : RecipientState.NotYet,
            AnsweredAt = answered,
            Outcome = task.Outcome,
            Items = task.ReceiptItems,
            Reason = task.LastError,
        };
    }

    /// <summary>A mail is not answered here: whether it left is all that is known.</summary>
    public static RecipientEntry Of(NoticeState? state, DateTimeOffset? sentAt, string? error, string reference, string recipient, string name, IReadOnlyList<string> categories, DateTimeOffset now) => new()
    {
        Reference = reference,
        Recipient = recipient,
        Name = name,
        Categories = categories,
        Way = RecipientWay.Mail,
        ToldAt = sentAt,
        State = sentAt is { } at ? now - at > Patience ? RecipientState.Silent : RecipientState.Told : state == NoticeState.Failed ? RecipientState.NotReached : RecipientState.NotYet,
        Reason = sentAt is null ? error : null,
    };
}

internal enum RecipientWay
{
    /// <summary>By a connected system of its own.</summary>
    System,
    Mail,
    /// <summary>A person tells it, and says so.</summary>
    ByHand,
}

internal enum RecipientState
{
    /// <summary>What is to be told of is not done yet, or nobody has told it yet.</summary>
    NotYet,
    Told,
    /// <summary>Told more than a week ago, and not a word.</summary>
    Silent,
    Answered,
    AnsweredLate,
    Refused,
    /// <summary>It could not be told so far.</summary>
    NotReached,
    /// <summary>Staff gave it up, with a reason: telling it was impossible.</summary>
    SetAside,
}
