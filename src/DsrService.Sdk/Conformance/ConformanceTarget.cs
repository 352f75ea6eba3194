using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Conformance;

/// <summary>The system that a conformance run tries, and the people it may try it with. The run changes and in the end erases
/// the known person: take one made up for it, in a copy of the system that holds no real data.</summary>
public sealed record ConformanceTarget
{
    /// <summary>Key of the controller.</summary>
    public required string Controller { get; init; }

    /// <summary>Key of the system within its controller.</summary>
    public required string System { get; init; }

    /// <summary>What the system declares: only that is asked of it, and one action that it does not declare.</summary>
    public required SystemCapabilities Capabilities { get; init; }

    /// <summary>The data categories that the data map gives the system.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>Identifiers of a person of whom the system holds records, at best in two categories or more.</summary>
    public required IReadOnlyList<SubjectIdentifier> Known { get; init; }

    /// <summary>Identifiers of nobody.</summary>
    public required IReadOnlyList<SubjectIdentifier> Unknown { get; init; }

    /// <summary>A correction the system can make to the known person; null if it rectifies nothing.</summary>
    public Correction? Correction { get; init; }

    /// <summary>How long one answer may take.</summary>
    /// <value>60 seconds by default.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What came of one check.</summary>
/// <param name="Check">What was looked at, in words.</param>
/// <param name="Result">Whether it held.</param>
/// <param name="Reason">Why it did not hold or was not tried; null where it held. Of what the system said no more
/// than the beginning of an error that it answered with.</param>
public sealed record ConformanceFinding(string Check, ConformanceResult Result, string? Reason);

/// <summary>Whether a check held.</summary>
public enum ConformanceResult
{
    /// <summary>The system did as the contract says.</summary>
    Held,
    /// <summary>It did not.</summary>
    Broken,
    /// <summary>The system does not declare what the check needs.</summary>
    NotTried,
}

/// <summary>One way to reach a system: whatever the binding, a task goes out and an answer comes back.</summary>
public interface ISystemUnderTest
{
    /// <summary>Sends one attempt of a task and waits for its answer.</summary>
    /// <param name="task">Without links; the binding adds what it needs.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancel">Stops waiting.</param>
    Task<SystemAnswer> AskAsync(SystemTask task, TimeSpan patience, CancellationToken cancel);

    /// <summary>Checks that only this binding has, such as of its signatures.</summary>
    IReadOnlyList<(string Check, Func<SystemTask, CancellationToken, Task<string?>> Try)> OwnChecks => [];
}

/// <summary>What a system answered.</summary>
public sealed record SystemAnswer
{
    /// <summary>The receipt, its identifiers opened; null if none came.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>The failure of this attempt; null if none came.</summary>
    public TaskFailure? Failure { get; init; }

    /// <summary>Why neither came, such as <c>http 500</c>.</summary>
    public string? Silence { get; init; }

    /// <summary>Whether the transport itself said no, such as a status of 4xx.</summary>
    public bool Refused { get; init; }

    /// <summary>Records uploaded for the task, by category.</summary>
    public IReadOnlyDictionary<string, int> Uploaded { get; init; } = new Dictionary<string, int>();
}
