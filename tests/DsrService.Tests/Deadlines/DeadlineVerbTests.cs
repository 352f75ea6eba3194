using System.CommandLine;
using DsrService.Deadlines;

namespace DsrService.Tests.Deadlines;

internal sealed class DeadlineVerbTests
{
    [Test]
    public async Task Run_OneReceipt_PrintsOneObjectOnOneLine()
    {
        var (code, output, _) = await RunAsync("--received", "2026-01-31T11:00:00Z", "--zone", "Europe/Stockholm", "--calendar", "SE");

        Assert.That(code, Is.Zero);
        Assert.That(output, Is.EqualTo(
            """{"receivedOn":"2026-01-31","nominal":"2026-02-28","dueOn":"2026-03-02","dueEndUtc":"2026-03-02T23:00:00Z","internalTarget":"2026-02-27","extendedLegal":"2026-04-30","extendedSafe":"2026-04-28"}""" + "\n"));
    }

    [Test]
    public async Task Run_SuspensionAndNationalDays_AreCounted()
    {
        var (_, output, _) = await RunAsync("--received", "2026-05-15T12:00:00+02:00", "--zone", "Europe/Stockholm", "--calendar", "SE",
            "--holidays", "S+N", "--suspended-days", "4", "--profile", "uk");

        Assert.That(output, Does.Contain("\"nominal\":\"2026-06-19\",\"dueOn\":\"2026-06-22\""));
    }

    [Test]
    public async Task Run_Csv_PrintsALineARowWithItsId()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "id;receipt_utc;tz;calendar;holiday_set;pause_days;more\nV01;2027-03-05T09:00:00Z;Europe/Stockholm;SE;S;0;x\nV04;2025-01-31T12:00:00Z;Europe/London;GB-EAW;S;0;y\n");

            var (code, output, _) = await RunAsync("--csv", file);

            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.That(code, Is.Zero);
            Assert.That(lines, Has.Length.EqualTo(2));
            Assert.That(lines[1], Does.StartWith("""{"id":"V04","receivedOn":"2025-01-31","nominal":"2025-02-28","dueOn":"2025-02-28","""));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestCase("--received must be", "--zone", "Europe/Stockholm", "--calendar", "SE")]
    [TestCase("--received must be", "--received", "2026-01-31T11:00:00", "--zone", "Europe/Stockholm", "--calendar", "SE")]
    [TestCase("--received must be", "--received", "yesterday", "--zone", "Europe/Stockholm", "--calendar", "SE")]
    [TestCase("--zone must be", "--received", "2026-01-31T11:00:00Z", "--zone", "Mars/Olympus", "--calendar", "SE")]
    [TestCase("--calendar must be", "--received", "2026-01-31T11:00:00Z", "--zone", "Europe/Stockholm", "--calendar", "XX")]
    [TestCase("--holidays must be", "--received", "2026-01-31T11:00:00Z", "--zone", "Europe/Stockholm", "--calendar", "SE", "--holidays", "N")]
    [TestCase("--suspended-days must be", "--received", "2026-01-31T11:00:00Z", "--zone", "Europe/Stockholm", "--calendar", "SE", "--suspended-days", "-1")]
    [TestCase("--profile must be", "--received", "2026-01-31T11:00:00Z", "--zone", "Europe/Stockholm", "--calendar", "SE", "--profile", "us")]
    public async Task Run_WrongValue_SaysWhichAndFails(string expected, params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);

        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.StartWith(expected));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await DeadlineVerb.Command().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
