using DsrService.Audit;
using DsrService.Data.Sealing;
using DsrService.Deadlines;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Requests;

/// <summary>One right asked for by one person of one controller. Personal content is sealed under the request's own
/// data key; what sweeps and queues need stays plain.</summary>
internal sealed class DataSubjectRequest : IAuditChain
{
    public required Guid Id { get; init; }

    /// <summary>Such as <c>DSR-2026-7K3QX9PM</c>: told to the person, not guessable.</summary>
    public required string Reference { get; init; }

    /// <summary>Shared by requests that came in one message.</summary>
    public required Guid Submission { get; init; }

    public required string Controller { get; init; }

    /// <summary>Policy and data map in force at receipt; retries use them.</summary>
    public required Guid DataMapVersion { get; init; }

    public required Right Right { get; init; }
    public RequestStatus Status { get; private set; } = RequestStatus.Received;
    public required string Language { get; init; }
    public string? Country { get; init; }
    public required Channel Channel { get; init; }

    /// <summary>Set by the server (invariant 6).</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The day of receipt in the controller's time zone; the clock starts here.</summary>
    public required DateOnly ReceivedOn { get; set; }

    public required DateOnly DueOn { get; set; }

    /// <summary>The first instant, in the controller's time zone, after the day by which the answer is due now:
    /// <see cref="ExtendedTo"/>, else <see cref="DueOn"/>. What is overdue and what comes first in the queue goes by it.</summary>
    public required DateTimeOffset DueEndAt { get; set; }

    public required DateOnly InternalTarget { get; set; }
    public DateOnly? ExtendedTo { get; set; }
    public DateTimeOffset? ExtendedAt { get; set; }
    public byte[]? ExtensionReason { get; set; }

    /// <summary>Where UK law starts the clock anew: the day on which what identifies the person, or shows a mandate, came
    /// (Art. 12A UK GDPR).</summary>
    public DateOnly? RelevantOn { get; set; }

    public SuspensionGround? SuspensionGround { get; set; }
    public DateTimeOffset? SuspendedAt { get; set; }
    public int SuspendedDays { get; set; }

    /// <summary>For whom or what the request waits, as a code; null when for nobody.</summary>
    public string? WaitingFor { get; set; }

    /// <summary>No task is sent while true.</summary>
    public bool OnHold { get; set; }

    public Guid? Assignee { get; set; }
    public DateTimeOffset? IdentityConfirmedAt { get; set; }

    /// <summary>Keyed hash of the requester's e-mail address, by which intakes of one sender are counted.</summary>
    public byte[]? SenderHash { get; init; }

    /// <summary>How far the reminders to confirm the address have come.</summary>
    public int IdentityReminders { get; set; }

    /// <summary><see cref="IntakeContent"/>, sealed.</summary>
    public required byte[] Intake { get; set; }

    /// <summary>The plan (Fulfilment/Plan) as JSON; no personal data.</summary>
    public string? Plan { get; set; }

    public DateTimeOffset? ApprovedAt { get; set; }
    public Guid? ApprovedBy { get; set; }

    /// <summary>Answers of staff to the plan's questions, sealed.</summary>
    public byte[]? PlanAnswers { get; set; }

    /// <summary>The facts that staff gave with their answers, by the key of the question, sealed.</summary>
    public byte[]? PlanReasons { get; set; }

    /// <summary>How many of the marks before the due date have been warned of.</summary>
    public int DeadlineWarnings { get; set; }

    /// <summary>What the person was told at the end (<see cref="AnswerContent"/>), sealed.</summary>
    public byte[]? Answer { get; set; }

    /// <summary>Keys of the recipients that were written to (Art. 19), with spaces between.</summary>
    public string? RecipientsWritten { get; set; }

    public RefusalGround? RefusalGround { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>The request's data key, wrapped by the key-encryption key <see cref="DataKeyId"/> names.</summary>
    public required byte[] DataKey { get; set; }

    public required string DataKeyId { get; set; }

    public int AuditSequence { get; set; }
    public byte[] AuditHead { get; set; } = [];

    string IAuditChain.Chain => Id.ToString();

    /// <summary>Makes a move of <see cref="RequestLifecycle"/>; false where the table does not allow it.</summary>
    public bool TryMove(RequestMove move, DateTimeOffset now, RequestStatus? target = null)
    {
        if (RequestLifecycle.After(Status, move, target) is not { } next)
            return false;
        Status = next;
        ClosedAt = next.IsOpen() ? null : ClosedAt ?? now;
        return true;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<DataSubjectRequest>
    {
        public void Configure(EntityTypeBuilder<DataSubjectRequest> builder)
        {
            builder.ToTable("requests").HasKey(request => request.Id);
            builder.Property(request => request.Plan).HasColumnType("json");
        }
    }
}

/// <summary>The sealed fields of a request, each bound to its row and name.</summary>
internal static class RequestFields
{
    public static SealedField Intake(Guid request) => new("requests.intake", request);
    public static SealedField ExtensionReason(Guid request) => new("requests.extension_reason", request);
    public static SealedField PlanAnswers(Guid request) => new("requests.plan_answers", request);
    public static SealedField PlanReasons(Guid request) => new("requests.plan_reasons", request);
    public static SealedField Answer(Guid request) => new("requests.answer", request);
}
