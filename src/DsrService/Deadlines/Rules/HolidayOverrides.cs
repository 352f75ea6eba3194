using System.Globalization;

namespace DsrService.Deadlines.Rules;

/// <summary>A day that a decree of one year made a holiday or a working day, which no rule foresees.</summary>
internal sealed record HolidayOverride(string Calendar, DateOnly Day, bool Holiday, HolidaySet Set);

/// <summary>The yearly file of days set by decree: <c>calendar;date;change;set;reason</c>, the change <c>add</c> or
/// <c>remove</c>, the set <c>S</c> or <c>N</c>. A working Saturday in exchange stays a Saturday (Reg. 1182/71 Art. 2(2)).</summary>
internal sealed record HolidayOverrides(IReadOnlyList<HolidayOverride> Days, IReadOnlyList<HolidayFileError> Errors)
{
    public const string Header = "calendar;date;change;set;reason";
    private const int Columns = 5;

    /// <summary>Every line is read; with one error none counts.</summary>
    public static HolidayOverrides Read(string text, string file)
    {
        var (days, errors) = (new List<HolidayOverride>(), new List<HolidayFileError>());
        var seen = new Dictionary<(string, DateOnly), int>();
        var lines = text.TrimStart('\ufeff').ReplaceLineEndings("\n").Split('\n');
        if (lines[0].Trim() != Header)
            errors.Add(new(file, 1, $"The first line must be '{Header}'."));
        for (var at = 1; at < lines.Length; at++)
            if (lines[at].Trim() is { Length: > 0 } line && line[0] != '#')
            {
                if (Row(line, out var day) is { } problem)
                    errors.Add(new(file, at + 1, problem));
                else if (!seen.TryAdd((day!.Calendar, day.Day), at + 1))
                    errors.Add(new(file, at + 1, $"{day.Calendar} {day.Day:yyyy-MM-dd} stands on line {seen[(day.Calendar, day.Day)]} already."));
                else
                    days.Add(day);
            }
        return new(errors.Count > 0 ? [] : days, errors);
    }

    private static string? Row(string line, out HolidayOverride? day)
    {
        day = null;
        var cells = line.Split(';').Select(cell => cell.Trim()).ToArray();
        if (cells.Length != Columns)
            return $"{Columns} columns are expected, {cells.Length} were found.";
        if (cells[0] == HolidayCalendars.None || HolidayCalendars.Find(cells[0]) is null)
            return $"unknown calendar '{cells[0]}'; known are {string.Join(", ", HolidayCalendars.Codes.Where(code => code != HolidayCalendars.None))}.";
        if (!DateOnly.TryParseExact(cells[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date.Year is < 1900 or > 2099)
            return $"'{cells[1]}' is no day such as 2027-05-04.";
        if (cells[2] is not ("add" or "remove"))
            return "the change must be add or remove.";
        if (cells[3] is not ("S" or "N"))
            return "the set must be S (moves the legal date) or N (moves the internal target only).";
        if (cells[4].Length == 0)
            return "the reason is missing: name the decree.";
        day = new(cells[0], date, cells[2] == "add", cells[3] == "S" ? HolidaySet.Statutory : HolidaySet.National);
        if (day.Holiday && date.IsWeekend())
            return $"{cells[1]} is a {date.DayOfWeek}, which is no working day anyway.";
        return null;
    }
}

internal sealed record HolidayFileError(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}
