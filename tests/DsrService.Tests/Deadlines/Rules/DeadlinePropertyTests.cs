using DsrService.DataMap;
using DsrService.Deadlines.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace DsrService.Tests.Deadlines.Rules;

/// <summary>What holds for every receipt, zone, calendar and suspension.</summary>
internal sealed class DeadlinePropertyTests
{
    private static readonly string[] Zones =
        ["Europe/Stockholm", "Europe/London", "Europe/Helsinki", "Europe/Lisbon", "Atlantic/Azores", "Atlantic/Reykjavik", "Europe/Athens", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe"];

    private static readonly string[] Codes = [.. HolidayCalendars.Codes];

    private sealed record Case(DateTimeOffset At, string Zone, string Code, int Days, HolidaySet Set)
    {
        public IWorkingCalendar Calendar => HolidayCalendars.Find(Code)!;

        public Deadline Deadline => DeadlineRules.For(At, TimeZoneInfo.FindSystemTimeZoneById(Zone), Calendar, Days, Set);
    }

    [Test]
    public void For_AnyReceipt_IsNeverShorterThanTheNominalMonth() => ForAll(at =>
        at.Deadline.DueOn >= at.Deadline.Nominal && at.Deadline.Nominal == at.Deadline.ReceivedOn.AddMonths(1).AddDays(at.Days)
        && at.Deadline.ExtendedSafe >= at.Deadline.ExtendedNominal && at.Deadline.ExtendedSafe <= at.Deadline.ExtendedLegal);

    [Test]
    public void For_AnyReceipt_EndsOnAWorkingDay() => ForAll(at =>
        new[] { at.Deadline.DueOn, at.Deadline.ExtendedLegal, at.Deadline.ExtendedSafe, at.Deadline.UnsuspendedDueOn }.All(day => at.Calendar.IsWorkingDay(day, at.Set))
        && at.Calendar.IsWorkingDay(at.Deadline.InternalTarget, HolidaySet.National));

    [Test]
    public void For_AnyReceipt_RollsOverDaysOffOnlyAndOnce() => ForAll(at =>
    {
        for (var day = at.Deadline.Nominal; day < at.Deadline.DueOn; day = day.AddDays(1))
            if (at.Calendar.IsWorkingDay(day, at.Set))
                return false;
        return at.Deadline.InternalTarget <= at.Deadline.Nominal;
    });

    [Test]
    public void For_LaterReceipt_IsNeverDueEarlier() => ForAll(at =>
        new[] { TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromHours(23), TimeSpan.FromDays(1), TimeSpan.FromDays(30) }.All(later =>
            (at with { At = at.At + later }).Deadline is var next && next.DueOn >= at.Deadline.DueOn && next.ExtendedSafe >= at.Deadline.ExtendedSafe && next.ExtendedLegal >= at.Deadline.ExtendedLegal));

    [Test]
    public void For_LongerSuspension_IsNeverDueEarlierAndLeavesTheUnsuspendedDate() => ForAll(at =>
        (at with { Days = at.Days + 1 }).Deadline is var next && next.DueOn >= at.Deadline.DueOn && next.UnsuspendedDueOn == at.Deadline.UnsuspendedDueOn);

    [Test]
    public void For_AnyZone_EndsWithTheLastInstantOfTheDayThere() => ForAll(at =>
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(at.Zone);
        DateOnly Local(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
        return Local(at.Deadline.DueEndUtc) > at.Deadline.DueOn && Local(at.Deadline.DueEndUtc.AddSeconds(-1)) == at.Deadline.DueOn
            && at.Deadline.ReceivedOn == Local(at.At);
    });

    [Test]
    public void For_UncertainHoliday_MovesNoLegalDateAndTheTargetOnlyEarlier() => ForAll(at =>
    {
        var legal = (at with { Set = HolidaySet.Statutory }).Deadline;
        var certain = new OnlyCertain(at.Calendar);
        var without = DeadlineRules.For(at.At, TimeZoneInfo.FindSystemTimeZoneById(at.Zone), certain, at.Days);
        return legal.DueOn == without.DueOn && legal.InternalTarget <= without.InternalTarget;
    });

    [Test]
    public void Days_OverlappingSuspensions_AreTheirUnion() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Arb.From(Gen.ListOf(from start in Gen.Choose(0, 40) from length in Gen.Choose(0, 20) select new Suspension(new DateOnly(2026, 1, 1).AddDays(start), new DateOnly(2026, 1, 1).AddDays(start + length)))),
        suspensions =>
        {
            var days = SuspensionRules.Days(suspensions, LawProfile.Eu);
            return days <= suspensions.Sum(one => one.AnsweredOn.DayNumber - one.AskedOn.DayNumber)
                && suspensions.All(one => days >= one.AnsweredOn.DayNumber - one.AskedOn.DayNumber)
                && SuspensionRules.Days(suspensions, LawProfile.Uk) >= days;
        }));

    private static void ForAll(Func<Case, bool> holds) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Cases(), holds));

    private static Arbitrary<Case> Cases() => Arb.From(
        from minutes in Gen.Choose(0, 60 * 24 * 366 * 12)
        from zone in Gen.Elements(Zones)
        from code in Gen.Elements(Codes)
        from days in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 60)))
        from set in Gen.Elements(HolidaySet.Statutory, HolidaySet.National)
        select new Case(new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes), zone, code, days, set));

    private sealed class OnlyCertain(IWorkingCalendar calendar) : IWorkingCalendar
    {
        public bool IsHoliday(DateOnly day, HolidaySet set) => calendar.IsHoliday(day, HolidaySet.Statutory);
    }
}
