using DsrService.Deadlines.Rules;

namespace DsrService.Tests.Deadlines.Rules;

internal sealed class HolidayOverridesTests
{
    [Test]
    public void Read_InOrder_AddsAndRemovesDays()
    {
        var read = HolidayOverrides.Read($"{HolidayOverrides.Header}\n# decrees of 2026\nGR;2027-05-04;add;S;May Day moved by decree\nGR;2027-05-03;remove;S;worked\n\nHU;2027-03-26;add;N;bridge day\n", "2027.csv");

        Assert.That(read.Errors, Is.Empty);
        Assert.That(Holiday(read, "GR", "2027-05-04", HolidaySet.Statutory), Is.True);
        Assert.That(Holiday(read, "GR", "2027-05-03", HolidaySet.Statutory), Is.False);
        Assert.That(Holiday(read, "HU", "2027-03-26", HolidaySet.National), Is.True);
    }

    [Test]
    public void ByDecree_TheFileOfTheProgram_IsInOrderAndMovesNoLegalDateWhereItIsNotCertain()
    {
        Assert.That(HolidayCalendars.ByDecree.Errors, Is.Empty);
        Assert.That(HolidayCalendars.ByDecree.Days, Is.Not.Empty);
        var latvia = HolidayCalendars.Find("LV")!;
        Assert.That(latvia.IsHoliday(new DateOnly(2026, 6, 22), HolidaySet.National), Is.True);
        Assert.That(latvia.IsHoliday(new DateOnly(2026, 6, 22), HolidaySet.Statutory), Is.False);
    }

    [Test]
    public void Read_NationalDay_MovesNoLegalDate()
    {
        var read = HolidayOverrides.Read($"{HolidayOverrides.Header}\nLV;2027-11-15;add;N;bridge day\nSE;2026-06-19;remove;N;worked", "2027.csv");

        Assert.That(Holiday(read, "LV", "2027-11-15", HolidaySet.Statutory), Is.False);
        Assert.That(Holiday(read, "SE", "2026-06-19", HolidaySet.National), Is.False, "Midsummer Eve");
    }

    [TestCase("calendar;date\nSE;2027-01-04;add;S;x", 1, "first line")]
    [TestCase("calendar;date;change;set;reason\nSE;2027-01-04;add;S", 2, "5 columns")]
    [TestCase("calendar;date;change;set;reason\n\nXX;2027-01-04;add;S;x", 3, "unknown calendar 'XX'")]
    [TestCase("calendar;date;change;set;reason\nnone;2027-01-04;add;S;x", 2, "unknown calendar 'none'")]
    [TestCase("calendar;date;change;set;reason\nSE;2027-02-30;add;S;x", 2, "'2027-02-30' is no day")]
    [TestCase("calendar;date;change;set;reason\nSE;4.1.2027;add;S;x", 2, "is no day")]
    [TestCase("calendar;date;change;set;reason\nSE;2027-01-04;maybe;S;x", 2, "add or remove")]
    [TestCase("calendar;date;change;set;reason\nSE;2027-01-04;add;X;x", 2, "the set must be")]
    [TestCase("calendar;date;change;set;reason\nSE;2027-01-04;add;S;", 2, "reason is missing")]
    [TestCase("calendar;date;change;set;reason\nSE;2027-01-03;add;S;x", 2, "no working day anyway")]
    [TestCase("calendar;date;change;set;reason\nSE;2027-01-04;add;S;x\nSE;2027-01-04;remove;S;x", 3, "on line 2 already")]
    public void Read_WrongLine_IsRefusedWithFileLineAndReason(string text, int line, string reason)
    {
        var read = HolidayOverrides.Read(text, "2027.csv");

        var error = read.Errors[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That((error.File, error.Line), Is.EqualTo(("2027.csv", line)));
            Assert.That(error.Message, Does.Contain(reason));
            Assert.That(read.Days, Is.Empty);
        }
    }

    private static bool Holiday(HolidayOverrides read, string code, string day, HolidaySet set) =>
        HolidayCalendars.IsHoliday(HolidayCalendars.Find(code)!, read.Days.Where(change => change.Calendar == code), DateOnly.ParseExact(day, "yyyy-MM-dd"), set);
}
