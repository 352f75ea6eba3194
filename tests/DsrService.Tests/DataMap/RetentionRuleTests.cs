using DsrService.DataMap;

namespace DsrService.Tests.DataMap;

internal sealed class RetentionRuleTests
{
    private static readonly MonthDay CalendarYear = new(12, 31);

    // Bookkeeping Act: through the seventh year after the calendar year in which the financial year ended.
    [TestCase("2026-01-01", 12, 31, "2033-12-31")]
    [TestCase("2026-12-31", 12, 31, "2033-12-31")]
    [TestCase("2027-01-01", 12, 31, "2034-12-31")]
    [TestCase("2026-04-30", 4, 30, "2033-12-31")]
    [TestCase("2026-05-01", 4, 30, "2034-12-31")]
    [TestCase("2024-02-29", 2, 29, "2031-12-31")]
    [TestCase("2025-03-01", 2, 29, "2033-12-31")]
    public void Until_Bookkeeping_EndsWithTheSeventhYear(string item, int month, int day, string expected)
    {
        var rule = new RetentionRule { Period = new(7, 0, 0), Start = RetentionStart.FinancialYearCalendarEnd };

        Assert.That(rule.Until(DateOnly.Parse(item, null), new MonthDay(month, day)), Is.EqualTo(DateOnly.Parse(expected, null)));
    }

    [Test]
    public void Until_FromRecording_CountsFromThatDay() =>
        Assert.That(Rule(RetentionStart.Recorded, new(0, 0, 30)).Until(new(2026, 11, 22), CalendarYear), Is.EqualTo(new DateOnly(2026, 12, 22)));

    [Test]
    public void Until_FromTheYearsEnd_CountsFromThere() =>
        Assert.That(Rule(RetentionStart.CalendarYearEnd, new(3, 0, 0)).Until(new(2026, 2, 1), CalendarYear), Is.EqualTo(new DateOnly(2029, 12, 31)));

    [Test]
    public void Until_FromAnEventToCome_IsNotKnown() =>
        Assert.That(Rule(RetentionStart.Event, new(3, 0, 0)).Until(new(2026, 2, 1), CalendarYear), Is.Null);

    [Test]
    public void LatestUntil_NoItemHeldTodayIsKeptLonger()
    {
        var today = new DateOnly(2026, 11, 22);
        foreach (var start in Enum.GetValues<RetentionStart>().Where(start => start != RetentionStart.Event))
            foreach (var end in new[] { CalendarYear, new MonthDay(4, 30) })
                for (var day = today.AddYears(-3); day <= today; day = day.AddDays(1))
                    Assert.That(Rule(start, new(1, 2, 3)).Until(day, end), Is.LessThanOrEqualTo(Rule(start, new(1, 2, 3)).LatestUntil(today, end)!.Value));
    }

    [TestCase("P7Y", 7, 0, 0)]
    [TestCase("P1Y6M", 1, 6, 0)]
    [TestCase("P30D", 0, 0, 30)]
    [TestCase("P0D", 0, 0, 0)]
    public void Period_Text_IsReadAndWritten(string text, int years, int months, int days)
    {
        Assert.That(Period.TryParse(text, out var period), Is.True);
        Assert.That((period, period.ToString()), Is.EqualTo((new Period(years, months, days), text)));
    }

    [TestCase("P")]
    [TestCase("7Y")]
    [TestCase("P7")]
    [TestCase("P-7Y")]
    [TestCase("PT5H")]
    [TestCase("P7Y ")]
    [TestCase("")]
    [TestCase(null)]
    public void Period_OtherText_IsRefused(string? text) => Assert.That(Period.TryParse(text, out _), Is.False);

    private static RetentionRule Rule(RetentionStart start, Period period) => new() { Start = start, Period = period };
}
