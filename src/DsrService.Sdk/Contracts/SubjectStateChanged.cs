namespace DsrService.Sdk.Contracts;

/// <summary>A restriction, an objection or a suppression has begun or ended at this controller. Raw JSON on the bus, to
/// every system of the controller there that knows people by a kind of identifier that is known. May arrive twice and out of order:
/// what holds now is what <c>subjects/check</c> says.</summary>
public sealed record SubjectStateChanged
{
    /// <summary>Stable over all attempts.</summary>
    public required Guid EventId { get; init; }

    /// <summary>Key of the controller.</summary>
    public required string Controller { get; init; }

    /// <summary>Key of the system it is sent to.</summary>
    public required string System { get; init; }

    /// <summary>What has begun or ended.</summary>
    public required SubjectState State { get; init; }

    /// <summary>Which of the two.</summary>
    public required SubjectStateChange Change { get; init; }

    /// <summary>What was objected to: <c>direct-marketing</c> or the key of an activity; absent for a restriction.</summary>
    public string? Purpose { get; init; }

    /// <summary>When it began or ended (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whose data it is. Absent on the bus, where <see cref="Sealed"/> holds it.</summary>
    public IReadOnlyList<SubjectIdentifier>? Identifiers { get; init; }

    /// <summary>A compact JWE (<c>dir</c>, <c>A256GCM</c>) under the system's sealing key over <see cref="SealedSubject"/>.</summary>
    public string? Sealed { get; init; }
}

/// <summary>What stays in force for a person.</summary>
public enum SubjectState
{
    /// <summary>Keep the data but do not use it (Art. 18).</summary>
    Restriction,
    /// <summary>Do not process the data for the purpose (Art. 21).</summary>
    Objection,
    /// <summary>Do not begin direct marketing to the person again.</summary>
    Suppression,
}

/// <summary>Whether a state has begun or ended.</summary>
public enum SubjectStateChange
{
    /// <summary>It holds from now on.</summary>
    Begun,
    /// <summary>It holds no more.</summary>
    Ended,
}

/// <summary>What holds for a person: the answer of <c>POST /systems/v1/subjects/check</c>.</summary>
/// <param name="Restricted">The data may be kept and not used (Art. 18).</param>
/// <param name="Objections">Purposes for which the data must not be processed: <c>direct-marketing</c>, or keys of activities.</param>
/// <param name="Erased">The person was erased here: data that comes back from a backup or a list must not be taken in.</param>
public sealed record SubjectCheck(bool Restricted, IReadOnlyList<string> Objections, bool Erased);
