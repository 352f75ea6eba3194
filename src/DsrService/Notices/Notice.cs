using DsrService.Data.Sealing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Notices;

/// <summary>One message, to the person or about them to somebody else. The row is written in the transaction of what it tells of and owns its next
/// attempt at sending; a failed e-mail changes no legal fact (invariant 9).</summary>
internal sealed class Notice
{
    public required Guid Id { get; init; }
    public required Guid RequestId { get; init; }
    public required NoticeKind Kind { get; init; }
    public NoticeState State { get; set; } = NoticeState.Queued;

    /// <summary><see cref="NoticeContent"/>, sealed.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Key of the recipient it tells (Art. 19); null for what goes to the person.</summary>
    public string? Recipient { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it is tried: its creation, or the day a person had it sent again.</summary>
    public DateTimeOffset QueuedAt { get; set; }

    public int Attempt { get; set; }
    public DateTimeOffset? NextAttemptAt { get; set; }
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>A code, such as <c>mail.unreachable</c>.</summary>
    public string? LastError { get; set; }

    /// <summary>What the recipient said to it, as staff put it on record.</summary>
    public RecipientAnswer? Answer { get; set; }

    /// <summary>The day on the controller's calendar on which it said so.</summary>
    public DateOnly? AnsweredOn { get; set; }

    /// <summary>Its words, or why it could not be told, sealed.</summary>
    public byte[]? AnswerNote { get; set; }

    public static SealedField ContentField(Guid notice) => new("notices.content", notice);

    public static SealedField AnswerNoteField(Guid notice) => new("notices.answer_note", notice);

    internal sealed class Mapping : IEntityTypeConfiguration<Notice>
    {
        public void Configure(EntityTypeBuilder<Notice> builder) =>
            builder.ToTable("notices").HasKey(notice => notice.Id);
    }
}

/// <summary>The message itself.</summary>
internal sealed record NoticeContent(string To, string Subject, string Text, string? Html);

internal enum NoticeKind
{
    Acknowledgement,
    IdentityLink,
    IdentityReminder,
    CannotIdentify,
    Extension,
    Refusal,
    Answer,
    Withdrawal,
    LiftingRestriction,
    /// <summary>To staff: a time limit draws near or is over.</summary>
    DeadlineWarning,
    RecipientNotice,
    Verification,
    Clarification,
    PublishedData,
    RecipientsList,
    Late,
    KeptErased,
    /// <summary>To a vendor: what waits, and the link to it.</summary>
    VendorItems,
    /// <summary>To staff: a vendor does not answer, or cannot do it.</summary>
    VendorEscalation,
}

/// <summary>What a recipient does with what it was told of (Art. 19).</summary>
internal enum RecipientAnswer
{
    /// <summary>It did the same with what it holds.</summary>
    Completed,
    NothingFound,
    Refused,
    /// <summary>Telling it proved impossible, or takes an effort out of proportion.</summary>
    Impossible,
}

internal enum NoticeState
{
    Queued,
    Sent,
    /// <summary>Given up on; the desk shows it.</summary>
    Failed,
}
