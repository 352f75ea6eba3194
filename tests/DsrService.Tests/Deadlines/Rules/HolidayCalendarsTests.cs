using System.Globalization;
using DsrService.Deadlines.Rules;

namespace DsrService.Tests.Deadlines.Rules;

internal sealed class HolidayCalendarsTests
{
    // What the rules hide: substitutes, moved days, coded rules, one-off days, years.
    [TestCase("GB-EAW", "2021-12-27", true, TestName = "Christmas Day on a Saturday: Monday")]
    [TestCase("GB-EAW", "2021-12-28", true, TestName = "Boxing Day on a Sunday: Tuesday")]
    [TestCase("GB-EAW", "2022-12-27", true, TestName = "Christmas Day on a Sunday: Tuesday, for Monday is Boxing Day")]
    [TestCase("GB-EAW", "2022-12-28", false, TestName = "... and no further")]
    [TestCase("GB-SCT", "2023-01-03", true, TestName = "Scotland, New Year's Day on a Sunday: Tuesday")]
    [TestCase("GB-EAW", "2023-01-03", false, TestName = "England has no 2 January")]
    [TestCase("GB-EAW", "2020-05-04", false, TestName = "Early May 2020 was moved away")]
    [TestCase("GB-EAW", "2020-05-08", true, TestName = "Early May 2020 was moved here")]
    [TestCase("GB-EAW", "2022-05-30", false, TestName = "Spring 2022 was moved away")]
    [TestCase("GB-EAW", "2022-06-02", true, TestName = "Spring 2022 was moved here")]
    [TestCase("GB-NIR", "2022-06-03", true, TestName = "Platinum Jubilee, once")]
    [TestCase("GB-NIR", "2023-06-03", false, TestName = "Platinum Jubilee, only once")]
    [TestCase("NL", "2025-04-26", true, TestName = "King's Day when the 27th is a Sunday")]
    [TestCase("NL", "2026-04-27", true, TestName = "King's Day")]
    [TestCase("IE", "2030-02-01", true, TestName = "St Brigid on a Friday")]
    [TestCase("IE", "2026-02-02", true, TestName = "St Brigid, first Monday")]
    [TestCase("IE", "2022-02-07", false, TestName = "St Brigid before 2023")]
    [TestCase("LV", "2024-05-06", true, TestName = "Latvia: 4 May on a Saturday moves to Monday")]
    [TestCase("LV", "2022-01-03", false, TestName = "Latvia: other days do not move")]
    [TestCase("GR", "2024-05-01", false, TestName = "Greece: 1 May 2024 was moved away")]
    [TestCase("GR", "2024-05-07", true, TestName = "Greece: 1 May 2024 was moved here")]
    [TestCase("SE", "2026-06-20", true, TestName = "Midsummer Day is a Saturday")]
    [TestCase("IS", "2026-04-23", true, TestName = "First Day of Summer")]
    [TestCase("DK", "2023-05-05", true, TestName = "Great Prayer Day, the last")]
    [TestCase("DK", "2024-04-26", false, TestName = "Great Prayer Day, abolished")]
    [TestCase("SK", "2026-05-08", false, TestName = "Slovakia: a working day in 2026")]
    [TestCase("SK", "2027-05-08", true, TestName = "Slovakia: a holiday again from 2027")]
    [TestCase("BG", "2025-05-26", false, TestName = "Bulgaria: the substitute day is no statutory one")]
    [TestCase("CH", "2026-12-25", false, TestName = "Switzerland: only 1 August is federal")]
    [TestCase("none", "2026-12-25", false, TestName = "No calendar, no holidays")]
    public void IsHoliday_Statutory(string calendar, string day, bool expected) =>
        Assert.That(HolidayCalendars.Find(calendar)!.IsHoliday(Day(day), HolidaySet.Statutory), Is.EqualTo(expected));

    [TestCase("SE", "2026-06-19", true)]
    [TestCase("SE", "2026-12-24", true)]
    [TestCase("SE", "2026-12-25", true)]
    [TestCase("BG", "2025-05-26", true)]
    [TestCase("CH", "2026-12-25", true)]
    [TestCase("DE", "2026-12-24", false)]
    public void IsHoliday_National(string calendar, string day, bool expected) =>
        Assert.That(HolidayCalendars.Find(calendar)!.IsHoliday(Day(day), HolidaySet.National), Is.EqualTo(expected));

    [Test]
    public void Codes_EveryCalendarOfTheEea_IsThere()
    {
        string[] states = ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU",
            "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"];
        Assert.That(states.Except(HolidayCalendars.Codes), Is.Empty);
        Assert.That(HolidayCalendars.Codes.Count(), Is.EqualTo(35));
    }

    [Test]
    public void EveryRule_InEveryYear_GivesADayOfThatYear()
    {
        foreach (var code in HolidayCalendars.Codes.Where(code => code != HolidayCalendars.None))
            for (var year = 1990; year <= 2060; year++)
            {
                var days = Enumerable.Range(0, 366).Select(new DateOnly(year, 1, 1).AddDays)
                    .Count(day => HolidayCalendars.Find(code)!.IsHoliday(day, HolidaySet.National));
                Assert.That(days, Is.InRange(4, 24), $"{code} {year}");
            }
    }

    [TestCase("2024-03-31")]
    [TestCase("2025-04-20")]
    [TestCase("2026-04-05")]
    [TestCase("2038-04-25")]
    public void Western_KnownEasters(string sunday) => Assert.That(Easter.Western(Day(sunday).Year), Is.EqualTo(Day(sunday)));

    [TestCase("2024-05-05")]
    [TestCase("2025-04-20")]
    [TestCase("2026-04-12")]
    public void Orthodox_KnownEasters(string sunday) => Assert.That(Easter.Orthodox(Day(sunday).Year), Is.EqualTo(Day(sunday)));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
