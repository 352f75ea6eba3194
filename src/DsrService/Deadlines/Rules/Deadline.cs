namespace DsrService.Deadlines.Rules;

/// <summary>The dates of Art. 12(3), counted after Regulation 1182/71.</summary>
internal sealed record Deadline
{
    /// <summary>The local day of receipt, on any day and at any hour.</summary>
    public required DateOnly ReceivedOn { get; init; }

    /// <summary>One month on and any suspension, before the last day is moved off a day without work.</summary>
    public required DateOnly Nominal { get; init; }

    /// <summary>The last day.</summary>
    public required DateOnly DueOn { get; init; }

    /// <summary>The last day had the clock never stood.</summary>
    public required DateOnly UnsuspendedDueOn { get; init; }

    /// <summary>The first instant after <see cref="DueOn"/>.</summary>
    public required DateTimeOffset DueEndUtc { get; init; }

    /// <summary>The working day that needs no moving: what alerts go by.</summary>
    public required DateOnly InternalTarget { get; init; }

    /// <summary>Three months from receipt: the outer bound of an extension.</summary>
    public required DateOnly ExtendedLegal { get; init; }

    /// <summary>The same date before it is moved off a day without work.</summary>
    public required DateOnly ExtendedNominal { get; init; }

    /// <summary>The earlier reading of "two further months": what people are promised.</summary>
    public required DateOnly ExtendedSafe { get; init; }
}
