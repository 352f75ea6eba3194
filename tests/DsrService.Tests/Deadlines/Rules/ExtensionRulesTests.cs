using DsrService.DataMap;
using DsrService.Deadlines.Rules;

namespace DsrService.Tests.Deadlines.Rules;

internal sealed class ExtensionRulesTests
{
    private static readonly DateTimeOffset DueEnd = new(2026, 7, 15, 22, 0, 0, TimeSpan.Zero);

    [Test]
    public void Refuse_WithinTheMonthWithReasons_Allows() =>
        Assert.That(ExtensionRules.Refuse(DueEnd.AddTicks(-1), DueEnd, alreadyExtended: false, "Data lies in seven archives."), Is.Null);

    [Test]
    public void Refuse_AfterTheMonth_IsTooLate() =>
        Assert.That(ExtensionRules.Refuse(DueEnd, DueEnd, alreadyExtended: false, "reason"), Is.EqualTo(ExtensionRefusal.TooLate));

    [TestCase(null)]
    [TestCase("  ")]
    public void Refuse_WithoutReasons_AsksForThem(string? reasons) =>
        Assert.That(ExtensionRules.Refuse(DueEnd.AddDays(-1), DueEnd, alreadyExtended: false, reasons), Is.EqualTo(ExtensionRefusal.NoReasons));

    [Test]
    public void Refuse_SecondTime_IsOnceOnly() =>
        Assert.That(ExtensionRules.Refuse(DueEnd.AddDays(-1), DueEnd, alreadyExtended: true, "reason"), Is.EqualTo(ExtensionRefusal.AlreadyExtended));
}

internal sealed class SuspensionRulesTests
{
    private static readonly DateOnly Monday = new(2026, 5, 4);

    [Test]
    public void Days_Eu_CountsFromTheDayAfterAsking() =>
        Assert.That(SuspensionRules.Days([new(Monday.AddDays(1), Monday.AddDays(5))], LawProfile.Eu), Is.EqualTo(4));

    [Test]
    public void Days_Uk_CountsBothEnds() =>
        Assert.That(SuspensionRules.Days([new(Monday.AddDays(1), Monday.AddDays(5))], LawProfile.Uk), Is.EqualTo(5));

    [Test]
    public void Days_Overlapping_CountOnce() =>
        Assert.That(SuspensionRules.Days([new(Monday, Monday.AddDays(5)), new(Monday.AddDays(3), Monday.AddDays(8))], LawProfile.Eu), Is.EqualTo(8));

    [TestCase(0, true)]
    [TestCase(3, true)]
    [TestCase(4, false)]
    [TestCase(8, false)]
    public void MayStop_OnlyWhenAskedWithinThreeWorkingDays(int days, bool expected) =>
        Assert.That(SuspensionRules.MayStop(Monday, Monday.AddDays(days), HolidayCalendars.Find("SE")!), Is.EqualTo(expected));
}
