using DsrService.Demo.Surface;

namespace DsrService.Tests.Demo.Surface;

public sealed class ClockPeriodTests
{
    private static readonly DateTimeOffset From = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);

    [TestCase("P10D", 240)]
    [TestCase("P2W", 336)]
    [TestCase("PT6H", 6)]
    [TestCase("P1DT1H", 25)]
    [TestCase("P1M", 28 * 24, Description = "From 31 January to 28 February")]
    [TestCase("P1Y", 365 * 24)]
    public void Read_Period_IsAsLongAsFromThatDay(string text, int hours) =>
        Assert.That(ClockPeriod.Read(text, From).Value, Is.EqualTo(TimeSpan.FromHours(hours)));

    [TestCase("")]
    [TestCase(null)]
    [TestCase("P")]
    [TestCase("PT")]
    [TestCase("P1DT")]
    [TestCase("-P1D")]
    [TestCase("P0D")]
    [TestCase("P101Y")]
    [TestCase("10 days")]
    [TestCase("P1.5D")]
    public void Read_NoPeriodForward_IsRefused(string? text) => Assert.That(ClockPeriod.Read(text, From).Failed);
}
