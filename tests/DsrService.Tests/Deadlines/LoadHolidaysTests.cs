using DsrService.Deadlines;
using DsrService.Deadlines.Rules;
using DsrService.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Deadlines;

/// <summary>The days lie far ahead, since holidays in force are the same for every test of this process.</summary>
[NonParallelizable]
internal sealed class LoadHolidaysTests
{
    private static readonly DateOnly Decreed = new(2098, 7, 15);

    [Test]
    public async Task HandleAsync_WrongFile_IsRefusedAndTheOneOfBeforeStaysInForce()
    {
        var file = Path.Combine(Reaper.Folder("holidays"), "days.csv");
        await File.WriteAllTextAsync(file, $"{HolidayOverrides.Header}\nLI;2098-07-15;add;S;by decree\n");
        await using var service = await TestService.StartAsync(null, ("Dsr:Holidays", file));
        try
        {
            Assert.That(IsHoliday(), Is.True, "in force since the start");

            await File.WriteAllTextAsync(file, $"{HolidayOverrides.Header}\nLI;2098-07-16;add;S;by decree\nLI;2098-13-01;add;S;impossible\n");
            var errors = await service.InScopeAsync(services => services.GetRequiredService<LoadHolidays>().HandleAsync(CancellationToken.None));

            using (Assert.EnterMultipleScope())
            {
                Assert.That(errors.Single().ToString(), Does.StartWith("days.csv:3: "));
                Assert.That(IsHoliday(), Is.True);
                Assert.That(service.Log.Lines, Has.Some.Contains("days.csv(3)"));
            }
        }
        finally
        {
            HolidayCalendars.PutIntoForce([]);
        }
        Assert.That(IsHoliday(), Is.False);
    }

    private static bool IsHoliday() => HolidayCalendars.Find("LI")!.IsHoliday(Decreed, HolidaySet.Statutory);
}
