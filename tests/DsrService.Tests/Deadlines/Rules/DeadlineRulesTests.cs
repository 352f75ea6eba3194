using System.Globalization;
using DsrService.Deadlines.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace DsrService.Tests.Deadlines.Rules;

internal sealed class DeadlineRulesTests
{
    private static readonly TimeZoneInfo Stockholm = TimeZoneInfo.FindSystemTimeZoneById("Europe/Stockholm");

    private static readonly string[] Codes = [.. HolidayCalendars.Codes];

    private static IEnumerable<TestCaseData> Vectors()
    {
        using var reader = new StreamReader(typeof(DeadlineRulesTests).Assembly.GetManifestResourceStream("deadline-vectors.csv")!);
        foreach (var line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            var cells = line.Split(';');
            yield return new TestCaseData((object)cells).SetArgDisplayNames(cells[0], cells[13]);
        }
    }

    [TestCaseSource(nameof(Vectors))]
    public void For_Vector_GivesItsDates(string[] vector)
    {
        var set = vector[4] == "S" ? HolidaySet.Statutory : HolidaySet.National;
        var deadline = DeadlineRules.For(Instant(vector[1]), TimeZoneInfo.FindSystemTimeZoneById(vector[2]),
            HolidayCalendars.Find(vector[3])!, int.Parse(vector[5], CultureInfo.InvariantCulture), set);

        Assert.That(deadline, Is.EqualTo(new Deadline
        {
            ReceivedOn = Day(vector[6]),
            Nominal = Day(vector[7]),
            DueOn = Day(vector[8]),
            DueEndUtc = Instant(vector[9]),
            InternalTarget = Day(vector[10]),
            ExtendedLegal = Day(vector[11]),
            ExtendedSafe = Day(vector[12]),
            ExtendedNominal = deadline.ExtendedNominal,
            UnsuspendedDueOn = vector[5] == "0" ? Day(vector[8]) : deadline.UnsuspendedDueOn,
        }));
    }

    [Test]
    public void Vectors_AreAllThere() => Assert.That(Vectors().Count(), Is.EqualTo(40));

    [Test]
    public void For_MidnightExactly_CountsAsTheNewDay() =>
        Assert.That(DeadlineRules.For(Instant("2026-06-30T22:00:00Z"), Stockholm, Calendar("SE")).ReceivedOn, Is.EqualTo(Day("2026-07-01")));

    [TestCase("2026-10-25T00:30:00Z")]
    [TestCase("2026-10-25T01:30:00Z")]
    public void For_RepeatedHour_IsTheSameDay(string instant) =>
        Assert.That(DeadlineRules.For(Instant(instant), Stockholm, Calendar("SE")).ReceivedOn, Is.EqualTo(Day("2026-10-25")));

    [Test]
    public void For_NegativeSuspension_IsABug() =>
        Assert.That(() => DeadlineRules.For(Instant("2026-01-01T00:00:00Z"), Stockholm, Calendar("SE"), -1), Throws.InstanceOf<ArgumentOutOfRangeException>());

    // The clocks of Beirut go forward at midnight, those of Havana back to it.
    [TestCase("Asia/Beirut", "2025-03-30", "2025-03-29T22:00:00Z")]
    [TestCase("America/Havana", "2025-11-02", "2025-11-02T04:00:00Z")]
    [TestCase("Europe/Stockholm", "2026-03-29", "2026-03-28T23:00:00Z")]
    [TestCase("Europe/Stockholm", "2026-03-30", "2026-03-29T22:00:00Z")]
    public void StartOf_OddMidnight_IsTheFirstInstantOfTheDay(string zone, string day, string expected) =>
        Assert.That(DeadlineRules.StartOf(Day(day), TimeZoneInfo.FindSystemTimeZoneById(zone)), Is.EqualTo(Instant(expected)));

    [Test]
    public void For_AnyReceipt_HoldsTheRulesOfThePeriod() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Receipts(), receipt =>
    {
        var deadline = DeadlineRules.For(receipt.At, Stockholm, Calendar(receipt.Code), receipt.Suspended);
        var calendar = Calendar(receipt.Code);
        return calendar.IsWorkingDay(deadline.DueOn, HolidaySet.Statutory)
            && deadline.Nominal <= deadline.DueOn
            && deadline.InternalTarget <= deadline.Nominal
            && calendar.IsWorkingDay(deadline.InternalTarget, HolidaySet.National)
            && deadline.DueOn.DayNumber - deadline.Nominal.DayNumber <= 10
            && deadline.ExtendedSafe <= deadline.ExtendedLegal
            && deadline.DueOn < deadline.ExtendedSafe
            && DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(deadline.DueEndUtc.AddTicks(-1), Stockholm).DateTime) == deadline.DueOn
            && (receipt.Suspended > 0 || NominalKeepsTheDate(deadline));
    }));

    [Test]
    public void For_LaterReceipt_IsNeverDueEarlier() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Receipts(), receipt =>
    {
        var today = DeadlineRules.For(receipt.At, Stockholm, Calendar(receipt.Code), receipt.Suspended);
        var tomorrow = DeadlineRules.For(receipt.At.AddDays(1), Stockholm, Calendar(receipt.Code), receipt.Suspended);
        return today.DueOn <= tomorrow.DueOn && today.ExtendedLegal <= tomorrow.ExtendedLegal;
    }));

    // The same date a month later, or the last day of a shorter month; 31 December never is one.
    private static bool NominalKeepsTheDate(Deadline deadline) =>
        (deadline.Nominal.Day == deadline.ReceivedOn.Day ||
            (deadline.Nominal.Day < deadline.ReceivedOn.Day && deadline.Nominal.AddDays(1).Day == 1)) &&
        deadline.Nominal is not { Month: 12, Day: 31 };

    private static Arbitrary<(DateTimeOffset At, string Code, int Suspended)> Receipts() => Arb.From(
        from hours in Gen.Choose(0, 30 * 365 * 24)
        from code in Gen.Elements(Codes)
        from suspended in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 60)))
        select (new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hours), code, suspended));

    private static IWorkingCalendar Calendar(string code) => HolidayCalendars.Find(code)!;

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
