using DsrService.Connectors.Vendors;
using DsrService.Hosting;

namespace DsrService.Tests.Connectors.Vendors;

internal sealed class VendorScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly VendorOptions Options = new();

    // Days: the item waits since, was told of, is due; the last mail; now.
    [TestCase(0, null, 30, null, 0, true, TestName = "Writes_FirstItem_AtOnce")]
    [TestCase(0.2, null, 30, 0.0, 0.3, false, TestName = "Writes_NewItemAfterAMailOfToday_Waits")]
    [TestCase(0.2, null, 30, 0.0, 1.0, true, TestName = "Writes_NewItemADayAfterTheMail_Goes")]
    [TestCase(0.2, null, 4, 0.0, 0.3, true, TestName = "Writes_NewItemDueSoon_DoesNotWait")]
    [TestCase(0.2, null, 4, 0.19, 0.2, false, TestName = "Writes_NewItemDueSoonWithinTheHour_Waits")]
    [TestCase(0, 0.0, 30, 0.0, 2.9, false, TestName = "Writes_BeforeTheFirstReminder_IsSilent")]
    [TestCase(0, 0.0, 30, 0.0, 3, true, TestName = "Writes_AfterThreeDays_Reminds")]
    [TestCase(0, 0.0, 30, 3.0, 6.9, false, TestName = "Writes_Reminded_IsSilentUntilTheNext")]
    [TestCase(0, 0.0, 30, 3.0, 7, true, TestName = "Writes_AfterSevenDays_RemindsAgain")]
    [TestCase(0, 0.0, 30, 7.0, 24.9, false, TestName = "Writes_RemindedTwice_IsSilentUntilDueSoon")]
    [TestCase(0, 0.0, 30, 7.0, 25, true, TestName = "Writes_FiveDaysBeforeDue_RemindsOnceMore")]
    [TestCase(0, 0.0, 30, 25.0, 40, false, TestName = "Writes_AllRemindersGone_IsSilent")]
    public void Writes_At(double since, double? told, double due, double? last, double now, bool expected) =>
        Assert.That(VendorSchedule.Writes([Item(since, told, due)], last is { } at ? Start.AddDays(at) : null, Start.AddDays(now), Options), Is.EqualTo(expected));

    [Test]
    public void Writes_ProblemToldOf_RemindsNobody() =>
        Assert.That(VendorSchedule.Writes([Item(0, 0, 30) with { WithStaff = true }], Start, Start.AddDays(9), Options), Is.False);

    [TestCase(0.0, 30, false, 9.9, false)]
    [TestCase(0.0, 30, false, 10, true)]
    [TestCase(0.0, 8, false, 5, true)]
    [TestCase(0.0, 30, true, 1, true)]
    [TestCase(null, 30, true, 12, false)]
    public void Escalates_WhenSilentOrDueOrUnreachable(double? told, double due, bool undelivered, double now, bool expected) =>
        Assert.That(VendorSchedule.Escalates(Item(0, told, due), undelivered, Start.AddDays(now), Options), Is.EqualTo(expected));

    private static VendorSchedule.Item Item(double since, double? told, double due) =>
        new(Start.AddDays(since), told is { } at ? Start.AddDays(at) : null, Start.AddDays(due), WithStaff: false);
}
