using DsrService.DataMap;

namespace DsrService.Deadlines.Rules;

/// <summary>The clock stands only while needed information is awaited that was asked for without undue delay
/// (EDPB Guidelines 01/2022, 159; Art. 12A UK GDPR).</summary>
internal static class SuspensionRules
{
    private const int WorkingDaysToAsk = 3;

    /// <summary>Days that do not count: overlapping suspensions once, and both ends under UK law.</summary>
    public static int Days(IEnumerable<Suspension> suspensions, LawProfile profile)
    {
        var days = new HashSet<DateOnly>();
        foreach (var (asked, answered) in suspensions)
            for (var day = profile == LawProfile.Uk ? asked : asked.AddDays(1); day <= answered; day = day.AddDays(1))
                days.Add(day);
        return days.Count;
    }

    /// <summary>UK law counts the month from the day on which the person was identified or the mandate shown: then nothing of
    /// what passed before counts.</summary>
    public static bool Restarts(LawProfile profile, SuspensionGround? ground) =>
        profile == LawProfile.Uk && ground is SuspensionGround.Identity or SuspensionGround.Authority;

    /// <summary>Whether the question came soon enough after the request to stop the clock.</summary>
    public static bool MayStop(DateOnly receivedOn, DateOnly askedOn, IWorkingCalendar calendar) =>
        calendar.WorkingDaysBefore(askedOn, WorkingDaysToAsk, HolidaySet.Statutory) <= receivedOn;
}

/// <summary>From the day information was asked for to the day it came.</summary>
internal sealed record Suspension(DateOnly AskedOn, DateOnly AnsweredOn);
