using System.Globalization;

namespace DsrService.Deadlines.Rules;

/// <summary>One row of holidays.csv: a day of every year between two years.</summary>
internal sealed record HolidayRule
{
    public required string Calendar { get; init; }

    /// <summary>
    /// <c>MM-DD</c> fixed; <c>YYYY-MM-DD</c> once; <c>E+n</c> / <c>O-n</c> days from Western or Orthodox Easter Sunday;
    /// <c>SA&gt;=06-20</c> first Saturday from then on; <c>MO#1@05</c>, <c>MO#-1@05</c> first or last Monday of May;
    /// <c>@name</c> coded here.
    /// </summary>
    public required string Rule { get; init; }
    public int From { get; init; } = int.MinValue;
    public int To { get; init; } = int.MaxValue;
    public required HolidaySet Set { get; init; }

    /// <summary>The set in which a free weekday takes its place when it falls on a weekend; null where none does.</summary>
    public HolidaySet? Substitute { get; init; }

    /// <summary>Years in which it is on another day.</summary>
    public IReadOnlyDictionary<int, DateOnly> Moved { get; init; } = new Dictionary<int, DateOnly>();
    public required string Name { get; init; }

    /// <summary>The day in a year from 1900 to 2099; null where there is none.</summary>
    public DateOnly? In(int year)
    {
        if (year < From || year > To)
            return null;
        if (Moved.TryGetValue(year, out var moved))
            return moved;
        return Rule switch
        {
            "@kings_day" => new DateOnly(year, 4, 27) is { DayOfWeek: DayOfWeek.Sunday } sunday ? sunday.AddDays(-1) : new(year, 4, 27),
            "@st_brigid" => new DateOnly(year, 2, 1) is { DayOfWeek: DayOfWeek.Friday } friday ? friday : OnOrAfter(new(year, 2, 1), DayOfWeek.Monday),
            ['E', .. var days] => Easter.Western(year).AddDays(Number(days)),
            ['O', .. var days] => Easter.Orthodox(year).AddDays(Number(days)),
            [_, _, '>', '=', .. var day] => OnOrAfter(MonthDay(year, day), Weekday(Rule)),
            [_, _, '#', '-', '1', '@', .. var month] => OnOrAfter(new DateOnly(year, Number(month), 1).AddMonths(1).AddDays(-7), Weekday(Rule)),
            [_, _, '#', var count, '@', .. var month] => OnOrAfter(new DateOnly(year, Number(month), 1).AddDays(7 * (count - '1')), Weekday(Rule)),
            [_, _, '-', _, _] => MonthDay(year, Rule),
            _ => DateOnly.ParseExact(Rule, "yyyy-MM-dd", CultureInfo.InvariantCulture) is var once && once.Year == year ? once : null,
        };
    }

    public static HolidayRule Parse(string row)
    {
        var cells = row.Split(';');
        return new()
        {
            Calendar = cells[0],
            Rule = cells[1],
            From = cells[2].Length == 0 ? int.MinValue : Number(cells[2]),
            To = cells[3].Length == 0 ? int.MaxValue : Number(cells[3]),
            Set = SetOf(cells[4]),
            Substitute = cells[5].Length == 0 ? null : SetOf(cells[5]),
            Moved = cells[6].Length == 0 ? new Dictionary<int, DateOnly>() : cells[6].Split(',').ToDictionary(
                move => Number(move[..4]), move => MonthDay(Number(move[..4]), move[5..])),
            Name = cells[7],
        };
    }

    private static HolidaySet SetOf(string letter) => letter == "S" ? HolidaySet.Statutory : HolidaySet.National;

    private static DateOnly OnOrAfter(DateOnly day, DayOfWeek weekday) => day.AddDays(((int)weekday - (int)day.DayOfWeek + 7) % 7);

    private static DateOnly MonthDay(int year, string text) => new(year, Number(text[..2]), Number(text[3..]));

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static DayOfWeek Weekday(string rule) => rule[..2] switch
    {
        "MO" => DayOfWeek.Monday,
        "TU" => DayOfWeek.Tuesday,
        "WE" => DayOfWeek.Wednesday,
        "TH" => DayOfWeek.Thursday,
        "FR" => DayOfWeek.Friday,
        "SA" => DayOfWeek.Saturday,
        _ => DayOfWeek.Sunday,
    };
}
