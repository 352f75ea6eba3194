using System.Text.Json.Serialization;
using DsrService.Applicability.Rules;
using DsrService.Fulfilment.Desk;
using DsrService.Fulfilment.Plan;
using DsrService.Notices;
using DsrService.Sdk.Contracts;
using DsrService.Staff;

namespace DsrService.Requests.Desk;

/// <summary>All of one request, opened for a member of staff.</summary>
internal sealed record RequestDetail
{
    public required string Reference { get; init; }
    public required Guid Submission { get; init; }
    public required string Controller { get; init; }
    public required Right Right { get; init; }
    public required RequestStatus Status { get; init; }

    /// <summary>Those the caller's role may make now.</summary>
    public required IReadOnlyList<RequestMove> AllowedMoves { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? WaitingFor { get; init; }

    public required bool OnHold { get; init; }
    public required DeadlineView Deadline { get; init; }
    public string? ExtensionReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required StaffName? Assignee { get; init; }

    public required Channel Channel { get; init; }
    public required string Language { get; init; }
    public string? Country { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? IdentityConfirmedAt { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }
    public StaffName? ApprovedBy { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }

    public required RequesterContent Requester { get; init; }
    public SubjectContent? Subject { get; init; }
    public string? Details { get; init; }
    public ErasureContent? Erasure { get; init; }
    public IReadOnlyList<Correction> Corrections { get; init; } = [];
    public IReadOnlyList<CorrectionEvidence> Evidence { get; init; } = [];
    public RestrictionContent? Restriction { get; init; }
    public ObjectionContent? Objection { get; init; }
    public required IReadOnlyList<IdentifierView> Identifiers { get; init; }

    /// <summary>Per system and category; empty before there is a plan.</summary>
    public required IReadOnlyList<PlanRowView> Plan { get; init; }

    /// <summary>What only a person may answer, with the approval.</summary>
    public required IReadOnlyList<Question> Questions { get; init; }

    public IReadOnlyDictionary<string, QuestionAnswer> Answers { get; init; } = new Dictionary<string, QuestionAnswer>();

    /// <summary>The facts given with the answers, by the key of the question.</summary>
    public IReadOnlyDictionary<string, string> Reasons { get; init; } = new Dictionary<string, string>();

    /// <summary>Systems that no known identifier leads to.</summary>
    public required IReadOnlyList<UnreachableSystem> Unreachable { get; init; }

    /// <summary>Who is told under Art. 19.</summary>
    public required IReadOnlyList<RecipientNotice> Recipients { get; init; }

    public required IReadOnlyList<TaskView> Tasks { get; init; }

    /// <summary>What systems kept after an erasure.</summary>
    public IReadOnlyList<KeptView> Kept { get; init; } = [];

    /// <summary>Messages to the person, without their content.</summary>
    public required IReadOnlyList<NoticeView> Notices { get; init; }

    /// <summary>Whether there is a package to look at, under <c>…/package</c>.</summary>
    public bool HasPackage { get; init; }

    public AnswerContent? Answer { get; init; }
    public RefusalGround? RefusalGround { get; init; }
    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }
}

internal sealed record IdentifierView(string Kind, string Value, bool Verified, string Source);

internal sealed record NoticeView(Guid Id, NoticeKind Kind, string? Recipient, NoticeState State, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, string? LastError);

/// <summary>What the law gives for one category at one system.</summary>
internal sealed record PlanRowView
{
    public required string System { get; init; }
    public required string Category { get; init; }
    public required Decision Decision { get; init; }
    public required string Article { get; init; }
    public required string Reason { get; init; }
    public required string Because { get; init; }
    public string? LegalBasis { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateOnly? Until { get; init; }

    /// <summary>Key of the question under which <c>answers</c> takes its answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Question { get; init; }

    public static PlanRowView Of(PlanRow row) => new()
    {
        System = row.System,
        Category = row.Category,
        Decision = row.Decision,
        Article = row.Article,
        Reason = row.Reason,
        Because = row.Because,
        LegalBasis = row.LegalBasis,
        Until = row.Until,
        Question = row.Question,
    };
}
