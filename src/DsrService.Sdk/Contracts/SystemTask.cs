namespace DsrService.Sdk.Contracts;

/// <summary>What the service asks of one connected system: one action for one request. The same JSON over HTTP and,
/// raw, on the bus. The same <see cref="TaskId"/> may arrive many times; it must have one effect.</summary>
public sealed record SystemTask
{
    /// <summary>Stable over all attempts: the idempotency key.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The request's reference, such as <c>DSR-2026-7K3QX9PM</c>. Not personal.</summary>
    public required string Reference { get; init; }

    /// <summary>Key of the controller, such as <c>toontrack</c>.</summary>
    public required string Controller { get; init; }

    /// <summary>Key of the system within its controller, such as <c>webshop</c>.</summary>
    public required string System { get; init; }

    /// <summary>What is to be done.</summary>
    public required TaskAction Action { get; init; }

    /// <summary>Whose data it is. Where a rectification changed one of them, the <see cref="TaskAction.Verify"/> that asks about
    /// it names the person as before the change, so remember by task id which records it was; a later
    /// <see cref="TaskAction.LiftRestriction"/> names both values. Absent on the bus, where <see cref="Sealed"/> holds it.</summary>
    public IReadOnlyList<SubjectIdentifier>? Identifiers { get; init; }

    /// <summary>What happens to each data category of the system; categories not named are left alone.</summary>
    public IReadOnlyList<ScopeItem> Scope { get; init; } = [];

    /// <summary>New values, only for <see cref="TaskAction.Rectify"/> and for the <see cref="TaskAction.Verify"/> that asks about it. Absent on the bus, where <see cref="Sealed"/> holds them.</summary>
    public IReadOnlyList<Correction>? Corrections { get; init; }

    /// <summary>Only on the bus: a compact JWE (<c>dir</c>, <c>A256GCM</c>) under the system's sealing key over
    /// <see cref="SealedSubject"/>.</summary>
    public string? Sealed { get; init; }

    /// <summary>When the service issued this attempt (UTC).</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>By when a receipt is wanted (UTC).</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>1 for the first sending, one more for each re-sending.</summary>
    public required int Attempt { get; init; }

    /// <summary>If true nothing may be changed; the receipt's counts say what would be.</summary>
    public bool Preview { get; init; }

    /// <summary>Only for <see cref="TaskAction.Verify"/>: the task whose effect is asked about.</summary>
    public Guid? Verifies { get; init; }

    /// <summary>Where to answer over HTTP.</summary>
    public TaskLinks? Links { get; init; }
}

/// <summary>What <see cref="SystemTask.Sealed"/> and <see cref="Receipt.Sealed"/> hold once opened.</summary>
public sealed record SealedSubject
{
    /// <summary>Whose data it is.</summary>
    public IReadOnlyList<SubjectIdentifier> Identifiers { get; init; } = [];

    /// <summary>New values, only for a rectification.</summary>
    public IReadOnlyList<Correction> Corrections { get; init; } = [];
}

/// <summary>What a person is known by in some system.</summary>
/// <param name="Kind">A kind of the controller's data map, such as <c>email</c> or <c>customer-number</c>.</param>
/// <param name="Value">The value. Personal.</param>
/// <param name="Verified">True if the person was shown to be behind this value: by the confirmed address, by a system
/// that already knew the person, or by staff. An unverified value may only narrow a search, never widen it.</param>
public sealed record SubjectIdentifier(string Kind, Personal<string> Value, bool Verified);

/// <summary>What happens to one data category.</summary>
public sealed record ScopeItem
{
    /// <summary>A data category of the data map.</summary>
    public required string Category { get; init; }

    /// <summary>Act on it or keep it.</summary>
    public required ScopeDecision Decision { get; init; }

    /// <summary>Why it is kept, as a code of the data map or the law, such as <c>17-3-b</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Last day on which it is kept.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>The system's own handle of a kept item, when it is to be erased later. Opaque, not personal.</summary>
    public string? Handle { get; init; }
}

/// <summary>One correction under Art. 16.</summary>
/// <param name="Field">The field, as the data map names it.</param>
/// <param name="Current">What is there now, as the person says; may be empty.</param>
/// <param name="Requested">What it should be; empty where only <paramref name="Statement"/> is to be added.</param>
/// <param name="Statement">The person's supplementary statement (Art. 16, second sentence); may be empty.</param>
public sealed record Correction(string Field, Personal<string?> Current, Personal<string?> Requested, Personal<string?> Statement);

/// <summary>Absolute addresses at which the system answers for this task over HTTP.</summary>
/// <param name="Accept">POST: the system has the task and will answer.</param>
/// <param name="Heartbeat">POST: the system is still at work.</param>
/// <param name="Data">PUT, with a slash and the part's name behind it: a part of what is handed over.</param>
/// <param name="Receipt">POST: what became of the task.</param>
/// <param name="Failure">POST: this attempt failed.</param>
public sealed record TaskLinks(Uri Accept, Uri Heartbeat, Uri Data, Uri Receipt, Uri Failure);

/// <summary>What a system can be asked to do.</summary>
public enum TaskAction
{
    /// <summary>Find out whether the person is known and what identifiers are known; change nothing.</summary>
    Locate,
    /// <summary>Hand over everything (Art. 15).</summary>
    Access,
    /// <summary>Hand over what was provided or observed (Art. 20).</summary>
    Export,
    /// <summary>Erase or anonymise (Art. 17).</summary>
    Erase,
    /// <summary>Correct or complete (Art. 16).</summary>
    Rectify,
    /// <summary>Keep but do not use (Art. 18).</summary>
    Restrict,
    /// <summary>End a restriction (Art. 18(3)).</summary>
    LiftRestriction,
    /// <summary>Stop a processing objected to (Art. 21).</summary>
    StopProcessing,
    /// <summary>Take a stopped processing up again.</summary>
    ResumeProcessing,
    /// <summary>Suspend automatic deletion until the answer is given.</summary>
    Preserve,
    /// <summary>End a preservation.</summary>
    Release,
    /// <summary>Say what is still there after an earlier task: after an erasure, or a task that is not known here, what should be
    /// gone; after a restriction, a stop, a preservation or their end, and after a rectification, what is not as it asked.</summary>
    Verify,
    /// <summary>Take note of a rectification, erasure or restriction (Art. 19).</summary>
    Notify,
}

/// <summary>Whether a category is acted on.</summary>
public enum ScopeDecision
{
    /// <summary>Do what the task's action says.</summary>
    Act,
    /// <summary>Leave it, for the reason given.</summary>
    Keep,
}
