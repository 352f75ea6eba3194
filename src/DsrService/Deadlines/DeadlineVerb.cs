using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DsrService.DataMap;
using DsrService.Deadlines.Rules;
using DsrService.Sdk.Contracts;

namespace DsrService.Deadlines;

/// <summary>The verb <c>deadline</c>: the dates of one receipt, or of each row of a file, without a database.</summary>
internal static class DeadlineVerb
{
    public static Command Command()
    {
        var received = new Option<string?>("--received") { Description = "When the request was received, with Z or an offset" };
        var zone = new Option<string?>("--zone") { Description = "IANA time zone of the establishment that must act" };
        var calendar = new Option<string?>("--calendar") { Description = $"Holiday calendar: {string.Join(", ", HolidayCalendars.Codes)}" };
        var holidays = new Option<string>("--holidays") { Description = "S statutory days, S+N national ones too", DefaultValueFactory = _ => "S" };
        var suspended = new Option<string>("--suspended-days") { Description = "Days for which the clock stood", DefaultValueFactory = _ => "0" };
        var profile = new Option<string>("--profile") { Description = "eu or uk; the arithmetic is the same", DefaultValueFactory = _ => "eu" };
        var csv = new Option<FileInfo?>("--csv") { Description = "Rows of id;received;zone;calendar;holidays;suspended days" };
        var decreed = new Option<FileInfo?>("--holiday-file") { Description = "Holidays set by decree, beside the rules: rows of calendar;date;change;set;reason" };
        var command = new Command("deadline", "Prints the dates of Art. 12(3) as JSON") { received, zone, calendar, holidays, suspended, profile, decreed, csv };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (!DsrJson.TryParseKebab<LawProfile>(parsed.GetValue(profile), out _))
                return await FailAsync(error, "--profile must be eu or uk.");
            if (parsed.GetValue(decreed) is { } days && await PutIntoForceAsync(days, error, cancel) > 0)
                return 1;
            if (parsed.GetValue(csv) is { } file)
                return file.Exists ? await PrintRowsAsync(file, output, error, cancel) : await FailAsync(error, $"{file.Name}: there is no such file.");
            string?[] cells = [null, parsed.GetValue(received), parsed.GetValue(zone), parsed.GetValue(calendar), parsed.GetValue(holidays), parsed.GetValue(suspended)];
            if (Compute(cells, out var problem) is not { } line)
                return await FailAsync(error, problem!);
            await output.WriteLineAsync(line);
            return 0;
        });
        return command;
    }

    private static async Task<int> PutIntoForceAsync(FileInfo file, TextWriter error, CancellationToken cancel)
    {
        if (!file.Exists)
            return await FailAsync(error, $"{file.Name}: there is no such file.");
        var read = HolidayOverrides.Read(await File.ReadAllTextAsync(file.FullName, cancel), file.Name);
        foreach (var problem in read.Errors)
            await error.WriteLineAsync(problem.ToString());
        if (read.Errors.Count == 0)
            HolidayCalendars.PutIntoForce(read.Days);
        return read.Errors.Count;
    }

    private static async Task<int> PrintRowsAsync(FileInfo file, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var (number, failed) = (0, false);
        await foreach (var row in File.ReadLinesAsync(file.FullName, cancel))
        {
            number++;
            if (string.IsNullOrWhiteSpace(row) || (number == 1 && row.StartsWith("id;", StringComparison.OrdinalIgnoreCase)))
                continue;
            var cells = row.TrimStart('\ufeff').Split(';').Select(cell => cell.Trim().Trim('"')).Take(6).ToArray();
            string? problem = null;
            if (cells.Length == 6 && Compute(cells, out problem) is { } line)
                await output.WriteLineAsync(line);
            else
                failed = await FailAsync(error, $"{file.Name}:{number}: {problem ?? "six columns are expected."}") > 0;
        }
        return failed ? 1 : 0;
    }

    private static string? Compute(string?[] cells, out string? problem)
    {
        problem = null;
        if (cells[1] is not { } received || !HasOffset(received) ||
            !DateTimeOffset.TryParse(received, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) || at.Year is < 1900 or > 2098)
            problem = "--received must be an instant such as 2026-03-31T22:30:00Z.";
        else if (cells[2] is not { } name || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            problem = "--zone must be an IANA time zone such as Europe/Stockholm.";
        else if (HolidayCalendars.Find(cells[3] ?? "") is not { } calendar)
            problem = $"--calendar must be one of {string.Join(", ", HolidayCalendars.Codes)}.";
        else if (cells[4] is not ("S" or "S+N"))
            problem = "--holidays must be S or S+N.";
        else if (!int.TryParse(cells[5], NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days > 3660)
            problem = "--suspended-days must be a whole number.";
        else
            return Write(cells[0], DeadlineRules.For(at, zone, calendar, days, cells[4] == "S" ? HolidaySet.Statutory : HolidaySet.National));
        return null;
    }

    private static string Write(string? id, Deadline deadline) => JsonSerializer.Serialize(
        new Line(id, deadline.ReceivedOn, deadline.Nominal, deadline.DueOn, deadline.DueEndUtc, deadline.InternalTarget, deadline.ExtendedLegal, deadline.ExtendedSafe),
        DsrJson.Options);

    // An instant without one would mean the time zone of whoever runs the command.
    private static bool HasOffset(string instant) =>
        instant.EndsWith('Z') || (instant.Length > 6 && instant[^6] is '+' or '-' && instant[^3] == ':');

    private static async Task<int> FailAsync(TextWriter error, string problem)
    {
        await error.WriteLineAsync(problem);
        return 1;
    }

    private sealed record Line(
        string? Id, DateOnly ReceivedOn, DateOnly Nominal, DateOnly DueOn, DateTimeOffset DueEndUtc, DateOnly InternalTarget,
        DateOnly ExtendedLegal, DateOnly ExtendedSafe);
}
