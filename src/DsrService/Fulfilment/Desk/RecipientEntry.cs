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

    /// <summary>The day on which one that is written to answered, on the controller's calendar.</summary>
    public DateOnly? AnsweredOn { get; init; }
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

    /// <param name="notice">What was written to it; null while nothing was.</param>
    /// <param name="sentOn">The day of that on the controller's calendar.</param>
    /// <param name="reference">Of the request.</param>
    /// <param name="recipient">Its key.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="categories">What was disclosed to it and changed.</param>
    /// <param name="now">The present.</param>
    public static RecipientEntry Of(Notice? notice, DateOnly? sentOn, string reference, string recipient, string name, IReadOnlyList<string> categories, DateTimeOffset now) => new()
    {
        Reference = reference,
        Recipient = recipient,
        Name = name,
        Categories = categories,
        Way = RecipientWay.Mail,
        ToldAt = notice?.SentAt,
        State = notice switch
        {
            null => RecipientState.NotYet,
            { Answer: RecipientAnswer.Impossible } => RecipientState.SetAside,
            { Answer: RecipientAnswer.Refused } => RecipientState.Refused,
            { Answer: not null } => notice.AnsweredOn > sentOn?.AddDays((int)Patience.TotalDays) ? RecipientState.AnsweredLate : RecipientState.Answered,
            { SentAt: { } at } => now - at > Patience ? RecipientState.Silent : RecipientState.Told,
            { State: NoticeState.Failed } => RecipientState.NotReached,
            _ => RecipientState.NotYet,
        },
        AnsweredOn = notice?.AnsweredOn,
        Outcome = notice?.Answer switch
        {
            RecipientAnswer.Completed => ReceiptOutcome.Completed,
            RecipientAnswer.NothingFound => ReceiptOutcome.NothingFound,
            RecipientAnswer.Refused => ReceiptOutcome.Refused,
            _ => null,
        },
        Reason = notice?.SentAt is null && notice?.Answer is null ? notice?.LastError : null,
    };

    /// <summary>Whether staff may put on record what it said: it was written to, or cannot be.</summary>
    [JsonIgnore]
    public bool MayBeAnswered => Way == RecipientWay.Mail && State != RecipientState.NotYet;
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
