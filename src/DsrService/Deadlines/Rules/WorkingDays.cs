namespace DsrService.Deadlines.Rules;

/// <summary>Reg. 1182/71 Art. 2(2): all days but public holidays, Saturdays and Sundays.</summary>
internal static class WorkingDays
{
    public static bool IsWeekend(this DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    public static bool IsWorkingDay(this IWorkingCalendar calendar, DateOnly day, HolidaySet set) =>
        !day.IsWeekend() && !calendar.IsHoliday(day, set);

    public static DateOnly WorkingDayOnOrAfter(this IWorkingCalendar calendar, DateOnly day, HolidaySet set)
    {
        while (!calendar.IsWorkingDay(day, set))
            day = day.AddDays(1);
        return day;
    }

    public static DateOnly WorkingDayOnOrBefore(this IWorkingCalendar calendar, DateOnly day, HolidaySet set)
    {
        while (!calendar.IsWorkingDay(day, set))
            day = day.AddDays(-1);
        return day;
    }

    /// <summary>The working day that lies <paramref name="count"/> working days before; the day itself does not count.</summary>
    public static DateOnly WorkingDaysBefore(this IWorkingCalendar calendar, DateOnly day, int count, HolidaySet set)
    {
        for (; count > 0; count--)
            day = calendar.WorkingDayOnOrBefore(day.AddDays(-1), set);
        return day;
    }

    /// <summary>The working day that lies <paramref name="count"/> working days after; the day itself does not count.</summary>
    public static DateOnly WorkingDaysAfter(this IWorkingCalendar calendar, DateOnly day, int count, HolidaySet set)
    {
        for (; count > 0; count--)
            day = calendar.WorkingDayOnOrAfter(day.AddDays(1), set);
        return day;
    }
}
