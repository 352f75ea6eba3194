namespace DsrService.Deadlines.Rules;

/// <summary>When staff are told that a time limit draws near: counted in working days to the internal target, which no
/// suspension moves.</summary>
internal static class WarningMarks
{
    /// <summary>Working days before the target; at the last of them the officers are told too.</summary>
    private static readonly int[] Before = [10, 5, 2];

    /// <summary>The mark of a limit that is over.</summary>
    public const int Overdue = 4;

    /// <summary>No mark lies longer before its target than this.</summary>
    public const int MostDaysBefore = 30;

    /// <summary>How many marks have been passed, from none to <see cref="Overdue"/>.</summary>
    public static int Reached(DateOnly today, DateOnly target, bool overdue, IWorkingCalendar calendar) =>
        overdue ? Overdue : Before.Count(days => calendar.WorkingDaysBefore(target, days, HolidaySet.National) <= today);

    /// <summary>From here on whoever answers for the whole hears of it, and not only who works on it.</summary>
    public static bool Escalates(int mark) => mark >= Before.Length;
}
