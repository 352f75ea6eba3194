using System.Collections.Concurrent;

namespace DsrService.Deadlines.Rules;

/// <summary>The calendars of holidays.csv, and <c>none</c>, which knows weekends only.</summary>
internal static class HolidayCalendars
{
    public const string None = "none";

    private static readonly Lazy<Dictionary<string, IWorkingCalendar>> Calendars = new(Load);

    public static IEnumerable<string> Codes => Calendars.Value.Keys.Order(StringComparer.Ordinal);

    /// <summary>The calendar of a country or part of one, such as SE or GB-SCT; null where there is none of that name.</summary>
    public static IWorkingCalendar? Find(string code) => Calendars.Value.GetValueOrDefault(code);

    /// <summary>The days set by decree that come with the program.</summary>
    public static HolidayOverrides ByDecree => BuiltIn.Value;

    private static readonly Lazy<HolidayOverrides> BuiltIn = new(() => HolidayOverrides.Read(Read("DsrService.holidays-by-decree.csv"), "holidays-by-decree.csv"));

    private static volatile ILookup<string, HolidayOverride>? inForce;

    /// <summary>Puts days set by decree into force beside and before the program's own, all at once; those put before end.
    /// They are the same for everybody.</summary>
    public static void PutIntoForce(IEnumerable<HolidayOverride> days) => inForce = days.Concat(ByDecree.Days).ToLookup(day => day.Calendar, StringComparer.Ordinal);

    private static ILookup<string, HolidayOverride> InForce
    {
        get
        {
            if (inForce is null)
                PutIntoForce([]);
            return inForce!;
        }
    }

    private static string Read(string resource)
    {
        using var stream = typeof(HolidayCalendars).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The holidays of a calendar with days set by decree, without putting them into force.</summary>
    public static bool IsHoliday(IWorkingCalendar calendar, IEnumerable<HolidayOverride> decreed, DateOnly day, HolidaySet set)
    {
        var decree = decreed.FirstOrDefault(change => change.Day == day);
        return decree switch
        {
            null => calendar.IsHoliday(day, set),
            { Holiday: true, Set: HolidaySet.National } when set == HolidaySet.Statutory => calendar.IsHoliday(day, set),
            { Holiday: false, Set: HolidaySet.National } when set == HolidaySet.Statutory => calendar.IsHoliday(day, set),
            _ => decree.Holiday,
        };
    }

    private sealed class Decreed(string code, IWorkingCalendar rules) : IWorkingCalendar
    {
        public bool IsHoliday(DateOnly day, HolidaySet set) => HolidayCalendars.IsHoliday(rules, InForce[code], day, set);
    }

    private static Dictionary<string, IWorkingCalendar> Load()
    {
        var calendars = Read("DsrService.holidays.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Skip(1).Select(HolidayRule.Parse).GroupBy(rule => rule.Calendar)
            .ToDictionary(group => group.Key, IWorkingCalendar (group) => new Decreed(group.Key, new Calendar([.. group])));
        calendars.Add(None, new Calendar([]));
        return calendars;
    }

    private sealed class Calendar(IReadOnlyList<HolidayRule> rules) : IWorkingCalendar
    {
        // The years for which the rules of Easter hold; beyond them no holiday moves a date, which errs early.
        private const int FirstYear = 1900, LastYear = 2099;

        private readonly ConcurrentDictionary<int, Year> years = new();

        public bool IsHoliday(DateOnly day, HolidaySet set)
        {
            if (day.Year is < FirstYear or > LastYear)
                return false;
            var year = years.GetOrAdd(day.Year, Compute);
            return year.Statutory.Contains(day) || (set == HolidaySet.National && year.National.Contains(day));
        }

        private Year Compute(int number)
        {
            var days = rules.Select(rule => (Rule: rule, Day: rule.In(number))).Where(item => item.Day is not null)
                .OrderBy(item => item.Day).ToList();
            var year = new Year([], []);
            foreach (var (rule, day) in days)
                year.Of(rule.Set).Add(day!.Value);
            foreach (var (rule, day) in days.Where(item => item.Rule.Substitute is not null && item.Day!.Value.IsWeekend()))
                year.Of(rule.Substitute!.Value).Add(FreeWeekdayAfter(day!.Value, year));
            return year;
        }

        private static DateOnly FreeWeekdayAfter(DateOnly day, Year year)
        {
            do
                day = day.AddDays(1);
            while (day.IsWeekend() || year.Statutory.Contains(day) || year.National.Contains(day));
            return day;
        }

        private sealed record Year(HashSet<DateOnly> Statutory, HashSet<DateOnly> National)
        {
            public HashSet<DateOnly> Of(HolidaySet set) => set == HolidaySet.Statutory ? Statutory : National;
        }
    }
}
