using DsrService.Requests;

namespace DsrService.DataMap;

/// <summary>Who the controller is, as letters, pages and deadlines need it.</summary>
internal sealed record ControllerFacts
{
    /// <summary>Also the path of its portal pages.</summary>
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required string Address { get; init; }

    /// <summary>E-mail address for questions about data protection.</summary>
    public required string Contact { get; init; }

    /// <summary>How to reach the data protection officer; null where none is designated.</summary>
    public string? DataProtectionOfficer { get; init; }

    /// <summary>ISO 3166 code of the establishment that must act.</summary>
    public required string Country { get; init; }

    /// <summary>IANA name; legal days are days of this zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Holiday calendar of the Member State where the controller must act (Reg. 1182/71 Art. 2(1)).</summary>
    public required string Calendar { get; init; }
    public LawProfile Profile { get; init; } = LawProfile.Eu;

    /// <summary>Languages offered, the preferred one first.</summary>
    public required IReadOnlyList<string> Languages { get; init; }
    public required IReadOnlyList<Right> Rights { get; init; }
    public required SupervisoryAuthority Authority { get; init; }

    /// <summary>Month and day on which the financial year ends, where it is not the calendar year.</summary>
    public MonthDay FinancialYearEnd { get; init; } = new(12, 31);

    /// <summary>What the map is drawn from, shown on the controller's pages.</summary>
    public LocalText? About { get; init; }

    /// <summary>The legal day now.</summary>
    public DateOnly Today(TimeProvider time) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).DateTime);
}

internal sealed record SupervisoryAuthority(string Name, string Address, string Web);

/// <summary>A day of every year; 29 February is the last of February.</summary>
internal readonly record struct MonthDay(int Month, int Day)
{
    public DateOnly In(int year) => new(year, Month, Math.Min(Day, DateTime.DaysInMonth(year, Month)));
}

/// <summary>Which law sets the clock.</summary>
internal enum LawProfile
{
    Eu,
    Uk,
}
