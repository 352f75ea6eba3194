namespace DsrService.Deadlines.Rules;

/// <summary>The public holidays of one Member State.</summary>
internal interface IWorkingCalendar
{
    /// <summary>Saturdays and Sundays are no working days anywhere (Reg. 1182/71 Art. 2(2)).</summary>
    bool IsHoliday(DateOnly day, HolidaySet set);
}

internal enum HolidaySet
{
    /// <summary>Statutory nationwide: moves the legal date.</summary>
    Statutory,
    /// <summary>Also the days equated by national law: moves only the internal target, unless asked for.</summary>
    National,
}
