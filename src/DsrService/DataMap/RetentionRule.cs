namespace DsrService.DataMap;

/// <summary>How long data is kept, and counted from what (Art. 13(2)(a), 15(1)(d)).</summary>
internal sealed record RetentionRule
{
    public required Period Period { get; init; }
    public required RetentionStart Start { get; init; }

    /// <summary>The event in plain words, where <see cref="Start"/> is <see cref="RetentionStart.Event"/>.</summary>
    public LocalText? Event { get; init; }

    /// <summary>Reference of the law that sets the period.</summary>
    public string? Law { get; init; }

    /// <summary>The last day on which an item of the given day is kept; null where the start is an event to come.</summary>
    public DateOnly? Until(DateOnly itemDay, MonthDay financialYearEnd) => Start switch
    {
        RetentionStart.Recorded => Period.After(itemDay),
        RetentionStart.CalendarYearEnd => Period.After(new DateOnly(itemDay.Year, 12, 31)),
        RetentionStart.FinancialYearCalendarEnd =>
            Period.After(new DateOnly(FinancialYearOf(itemDay, financialYearEnd).Year, 12, 31)),
        _ => null,
    };

    /// <summary>The last day on which anything held today may be kept: that of an item recorded today.</summary>
    public DateOnly? LatestUntil(DateOnly today, MonthDay financialYearEnd) => Until(today, financialYearEnd);

    private static DateOnly FinancialYearOf(DateOnly day, MonthDay end) =>
        end.In(day.Year) >= day ? end.In(day.Year) : end.In(day.Year + 1);
}

internal enum RetentionStart
{
    /// <summary>The day the item was recorded.</summary>
    Recorded,
    /// <summary>31 December of the year in which it was recorded.</summary>
    CalendarYearEnd,
    /// <summary>31 December of the calendar year in which the item's financial year ended.</summary>
    FinancialYearCalendarEnd,
    /// <summary>Something that has yet to happen, such as the end of the contract.</summary>
    Event,
}
