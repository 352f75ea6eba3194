using System.Text.Json;
using DsrService.Data.Sealing;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Fulfilment;

/// <summary>One action at one system for one request. The row owns its next attempt: the same id goes out again until
/// it is accepted or answered (invariant 2).</summary>
internal sealed class RequestTask
{
    private JsonList<ScopeItem> scopeItems;
    private JsonList<ReceiptItem> receiptItems;
    private DateTimeOffset? nextAttemptAt;

    public required Guid Id { get; init; }
    public required Guid RequestId { get; init; }
    public required string Controller { get; init; }
    public required string System { get; init; }

    /// <summary>How it is sent; by hand where a peer does not offer it.</summary>
    public required Binding Binding { get; set; }

    public required TaskAction Action { get; init; }
    public bool Preview { get; init; }

    /// <summary>Key of the plan's step it carries out.</summary>
    public required string Step { get; init; }

    /// <summary>The task whose effect this one asks about.</summary>
    public Guid? Verifies { get; init; }

    /// <summary><see cref="ScopeItem"/>s as JSON; no personal data.</summary>
    public required string Scope { get; set; }

    /// <summary>The same, read.</summary>
    public List<ScopeItem> ScopeItems => scopeItems.Read(Scope);

    /// <summary>Of what the system kept under handles of its own: it needs nothing of the person.</summary>
    public bool IsByHandle => ScopeItems is { Count: > 0 } scope && scope.TrueForAll(item => item.Handle is not null);

    /// <summary>The task sent in its place after its effect was not found on verification; a receipt once counted stays
    /// with its task.</summary>
    public Guid? ReplacedBy { get; set; }

    /// <summary>The task whose effect a restore from backup has undone, and which this one makes again.</summary>
    public Guid? Redoes { get; init; }

    /// <summary>Of a change made again: the task whose change must have been made again before.</summary>
    public Guid? RedoAfter { get; set; }

    /// <summary>The restore for which it is made again.</summary>
    public Guid? Restore { get; init; }

    public TaskState State { get; set; } = TaskState.Planned;
    public ReceiptOutcome? Outcome { get; set; }

    public int Attempt { get; set; }

    /// <summary>When the dispatcher takes it up next; null while it waits for another step, for a person, or has ended. Setting
    /// it ends a claim.</summary>
    public DateTimeOffset? NextAttemptAt
    {
        get => nextAttemptAt;
        set => (nextAttemptAt, ClaimedUntil) = (value, null);
    }

    /// <summary>While an attempt is under way: not taken up once more before then, should nothing be heard of it. In no index, so
    /// that a claim rewrites none of them.</summary>
    public DateTimeOffset? ClaimedUntil { get; private set; }

    /// <summary>When it goes out again if nothing is heard. What was ended while it was being claimed does not.</summary>
    public DateTimeOffset? GoesOutAgainAt => NextAttemptAt is null ? null : ClaimedUntil ?? NextAttemptAt;

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SentAt { get; set; }
    public DateTimeOffset? AcceptedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Since when it is in its present state.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>A code, such as <c>connector.timeout</c>.</summary>
    public string? LastError { get; set; }

    /// <summary><see cref="ReceiptItem"/>s of the receipt that counts, as JSON; no personal data.</summary>
    public string? Items { get; set; }

    /// <summary>The same, read; none while there is no receipt.</summary>
    public List<ReceiptItem> ReceiptItems => Items is null ? [] : receiptItems.Read(Items);

    /// <summary>Remarks of the system for the agent, a JSON array, sealed.</summary>
    public byte[]? Messages { get; set; }

    public string? Handler { get; set; }
    public DateTimeOffset? HandledAt { get; set; }
    public Guid? SetAsideBy { get; set; }

    /// <summary>Sealed.</summary>
    public byte[]? SetAsideReason { get; set; }

    /// <summary>When the vendor who works it was first written to; null where the controller's own staff do.</summary>
    public DateTimeOffset? VendorToldAt { get; set; }

    /// <summary>The problem that the vendor told of, sealed: it is with the staff now, and not done.</summary>
    public byte[]? VendorNote { get; set; }

    /// <summary>Since when staff have to see to it, as its vendor does not answer or cannot do it.</summary>
    public DateTimeOffset? EscalatedAt { get; set; }

    /// <summary>Of a notice: when its recipient got it. Put on a list, where somebody still has to fetch it or pass it on, it has told nobody.</summary>
    public DateTimeOffset? ToldAt => Binding switch
    {
        _ when LastError == TaskErrors.NoIdentifier => null,
        Binding.Manual => Outcome is null or ReceiptOutcome.Refused || State == TaskState.SetAside ? null : HandledAt ?? EndedAt,
        Binding.Pull => AcceptedAt ?? (Outcome is null ? null : EndedAt),
        _ => SentAt,
    };

    /// <summary>Nothing more will come of it by itself.</summary>
    public bool HasEnded => State is TaskState.Done or TaskState.Verified or TaskState.SetAside || ReplacedBy is not null;

    /// <summary>Its system says that the change is done without saying of how much: its word, and all that can be told.</summary>
    public bool IsUncounted => Changes && this is { Outcome: ReceiptOutcome.Completed, State: TaskState.Done or TaskState.Verified, Items: null or "[]" };

    /// <summary>Whether it changes what a system holds or does.</summary>
    public bool Changes => !Preview && Action is TaskAction.Erase or TaskAction.Rectify or TaskAction.Restrict
        or TaskAction.LiftRestriction or TaskAction.StopProcessing or TaskAction.ResumeProcessing;

    /// <summary>A notice may be answered, a restriction is lifted, a preservation ends, what was kept is erased and what a restore undid is done again after the request was closed.</summary>
    public bool OutlivesRequest => Action is TaskAction.Notify or TaskAction.LiftRestriction or TaskAction.Release || IsLifting || EndsKept || Redoes is not null;

    /// <summary>After the answer only what nobody else would ever end: a notice, and a lifting that has gone out.</summary>
    public bool MayBeSetAside(RequestStatus status) => status.IsOpen() || Action == TaskAction.Notify || IsLifting && State != TaskState.Planned;

    /// <summary>Erases what was kept, or proves it, long after the answer; no step of the plan.</summary>
    public bool EndsKept => Step.StartsWith(KeptStep, StringComparison.Ordinal);

    /// <summary>Lifts a restriction, or proves it; no step of the plan.</summary>
    public bool IsLifting => Step.StartsWith(LiftingStep, StringComparison.Ordinal);

    public const string LiftingStep = "lift-restriction:";

    public const string KeptStep = "kept:";

    public const string RedoStep = "redo:";

    /// <summary>A restriction while a person decides, or the preservation of what was asked for: no change that was asked for.</summary>
    public bool IsMeanwhile => Step.StartsWith("meanwhile:", StringComparison.Ordinal);

    /// <summary>The same once more, under an id of its own.</summary>
    public RequestTask Anew(DateTimeOffset now) => Copy(Action, Verifies, now);

    /// <summary>Asks about the effect of this one.</summary>
    public RequestTask ToVerify(DateTimeOffset now) => Copy(TaskAction.Verify, Id, now);

    // A receipt's effects ask for them over and over.
    private struct JsonList<T>
    {
        private string? text;
        private List<T>? items;

        public List<T> Read(string json)
        {
            if (!ReferenceEquals(text, json))
                (text, items) = (json, JsonSerializer.Deserialize<List<T>>(json, DsrJson.Options));
            return items!;
        }
    }

    private RequestTask Copy(TaskAction action, Guid? verifies, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        RequestId = RequestId,
        Controller = Controller,
        System = System,
        Binding = Binding,
        Action = action,
        Preview = Preview,
        Step = Step,
        Verifies = verifies,
        Scope = Scope,
        Redoes = Redoes,
        Restore = Restore,
        CreatedAt = now,
        Since = now,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<RequestTask>
    {
        public void Configure(EntityTypeBuilder<RequestTask> builder)
        {
            builder.ToTable("tasks").HasKey(task => task.Id);
            builder.Property(task => task.Scope).HasColumnType("json");
            builder.Property(task => task.Items).HasColumnType("json");
            builder.Ignore(task => task.OutlivesRequest).Ignore(task => task.IsByHandle).Ignore(task => task.IsMeanwhile).Ignore(task => task.IsLifting).Ignore(task => task.EndsKept).Ignore(task => task.ToldAt).Ignore(task => task.GoesOutAgainAt).Ignore(task => task.ScopeItems).Ignore(task => task.ReceiptItems);
        }
    }
}

/// <summary>What is known of a task's work; how it ended is the <see cref="RequestTask.Outcome"/>, kept apart.</summary>
internal enum TaskState
{
    Planned,
    Sent,
    Accepted,
    Done,
    Verified,
    Failed,
    SetAside,
}

internal static class TaskFields
{
    public static SealedField Messages(Guid task) => new("tasks.messages", task);
    public static SealedField VendorNote(Guid task) => new("tasks.vendor_note", task);
    public static SealedField SetAsideReason(Guid task) => new("tasks.set_aside_reason", task);
}
