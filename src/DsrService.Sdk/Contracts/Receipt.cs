namespace DsrService.Sdk.Contracts;

/// <summary>A system's answer for one task: what it found and what became of it. A receipt that contradicts its task or
/// itself is refused: per item, <c>found</c> must equal the sum of what happened to it, whatever is retained needs a
/// reason, and <c>handed</c> must equal what was uploaded.</summary>
public sealed record Receipt
{
    /// <summary>The task answered.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The result as a whole.</summary>
    public required ReceiptOutcome Outcome { get; init; }

    /// <summary>One item a category; a category of the task that is not named counts as nothing found. Empty for <see cref="ReceiptOutcome.NothingFound"/>, <see cref="ReceiptOutcome.NotHeld"/>
    /// and <see cref="ReceiptOutcome.Refused"/>.</summary>
    public IReadOnlyList<ReceiptItem> Items { get; init; } = [];

    /// <summary>Identifiers found that may help other systems. Absent on the bus, where <see cref="Sealed"/> holds them.</summary>
    public IReadOnlyList<SubjectIdentifier>? Identifiers { get; init; }

    /// <summary>Only on the bus: <see cref="Identifiers"/> as a compact JWE over <see cref="SealedSubject"/>.</summary>
    public string? Sealed { get; init; }

    /// <summary>Remarks for the agent who reviews. No personal data.</summary>
    public IReadOnlyList<string> Messages { get; init; } = [];

    /// <summary>When the work was done (UTC).</summary>
    public required DateTimeOffset HandledAt { get; init; }

    /// <summary>What did it: program and version, or the role of the person who did. Not a name.</summary>
    public required string Handler { get; init; }
}

/// <summary>What became of one data category; all numbers count records and are not negative.</summary>
public sealed record ReceiptItem
{
    /// <summary>A data category of the data map.</summary>
    public required string Category { get; init; }

    /// <summary>Records found on the person.</summary>
    public int Found { get; init; }

    /// <summary>Records handed over by upload.</summary>
    public int Handed { get; init; }

    /// <summary>Records irreversibly gone.</summary>
    public int Erased { get; init; }

    /// <summary>Records whose link to the person is irreversibly gone.</summary>
    public int Anonymised { get; init; }

    /// <summary>Records corrected or completed.</summary>
    public int Rectified { get; init; }

    /// <summary>Records now restricted.</summary>
    public int Restricted { get; init; }

    /// <summary>Records whose processing was stopped.</summary>
    public int Stopped { get; init; }

    /// <summary>Records kept; needs <see cref="Reason"/>.</summary>
    public int Retained { get; init; }

    /// <summary>Why records are kept: the reason of the task's scope, or words for the person where the task did not tell to keep
    /// them, in a language of the controller, without anything personal.</summary>
    public string? Reason { get; init; }

    /// <summary>The law behind <see cref="Reason"/>.</summary>
    public string? LegalBasis { get; init; }

    /// <summary>Last day on which they are kept.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>The system's own handle of the kept records: opaque, not personal, at most 200 characters.</summary>
    public string? Handle { get; init; }
}

/// <summary>The result of a task as a whole.</summary>
public enum ReceiptOutcome
{
    /// <summary>All that was asked was done.</summary>
    Completed,
    /// <summary>The system looked and holds nothing on the person.</summary>
    NothingFound,
    /// <summary>Done except what had to be kept.</summary>
    PartlyRetained,
    /// <summary>The system holds no data of the categories asked about.</summary>
    NotHeld,
    /// <summary>The system will not do it; the messages say why.</summary>
    Refused,
}

/// <summary>The system has the task and will answer; extends the time before the service asks again.</summary>
/// <param name="TaskId">The task.</param>
public sealed record TaskAccepted(Guid TaskId);

/// <summary>The system is still at work; extends the time before the service asks again.</summary>
/// <param name="TaskId">The task.</param>
public sealed record TaskHeartbeat(Guid TaskId);

/// <summary>This attempt failed; the service will ask again.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Code">A stable code, such as <c>store.unavailable</c>.</param>
/// <param name="Message">For the agent, who reads it with the task until it is sent again; 2000 characters at most are kept. No personal data.</param>
/// <param name="RetryAfterSeconds">When to ask again; null leaves it to the service.</param>
public sealed record TaskFailure(Guid TaskId, string Code, string? Message, int? RetryAfterSeconds);
