namespace DsrService.Deadlines.Rules;

/// <summary>Art. 12(3) GDPR by Regulation 1182/71: a calendar month from the day of receipt, which does not count; a
/// last day without work moves to the next working day, once and at the very end.</summary>
internal static class DeadlineRules
{
    /// <param name="receivedAt">When the request reached an official channel of the controller.</param>
    /// <param name="zone">Of the establishment that must act, not of the server or the person.</param>
    /// <param name="calendar">Of the Member State where it must act.</param>
    /// <param name="suspendedDays">Days for which the clock stood while needed information was awaited.</param>
    /// <param name="set">What moves the legal date.</param>
    public static Deadline For(
        DateTimeOffset receivedAt, TimeZoneInfo zone, IWorkingCalendar calendar, int suspendedDays = 0, HolidaySet set = HolidaySet.Statutory)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(suspendedDays);
        var received = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(receivedAt, zone).DateTime);
        // Each from the day of receipt: adding months to a day already cut short would lose days.
        var month = received.AddMonths(1);
        var threeMonths = received.AddMonths(3);
        var twoFurther = month.AddMonths(2);
        var nominal = month.AddDays(suspendedDays);
        var due = calendar.WorkingDayOnOrAfter(nominal, set);
        var extended = (twoFurther < threeMonths ? twoFurther : threeMonths).AddDays(suspendedDays);
        return new()
        {
            ReceivedOn = received,
            Nominal = nominal,
            DueOn = due,
            UnsuspendedDueOn = calendar.WorkingDayOnOrAfter(month, set),
            DueEndUtc = StartOf(due.AddDays(1), zone),
            InternalTarget = calendar.WorkingDayOnOrBefore(nominal, HolidaySet.National),
            ExtendedLegal = calendar.WorkingDayOnOrAfter(threeMonths.AddDays(suspendedDays), set),
            ExtendedSafe = calendar.WorkingDayOnOrAfter(extended, set),
            ExtendedNominal = extended,
        };
    }

    /// <summary>The first instant of a day, by the rules of the zone on that day.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Clocks put forward at midnight: the day starts where the old offset would have had midnight.
        // Put back at midnight: it starts with the earlier of the two, which has the larger offset.
        var offset = zone.IsInvalidTime(midnight) ? zone.GetUtcOffset(midnight.AddHours(-3))
            : zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max()
            : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}
