using System.Globalization;
using System.Text.RegularExpressions;

namespace DsrService.Demo.Surface;

/// <summary>A period of ISO 8601, such as <c>P10D</c> or <c>P1M</c>, counted from a moment: months and years are as long as
/// they are from there.</summary>
internal static partial class ClockPeriod
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366 * 100);

    public static Result<TimeSpan> Read(string? text, DateTimeOffset from)
    {
        var match = Form().Match(text ?? "");
        if (match.Success && text is not "P" && !text!.EndsWith('T'))
        {
            var days = TimeSpan.FromDays(Number(match, "weeks") * 7 + Number(match, "days"));
            var by = from.AddMonths(Number(match, "years") * 12 + Number(match, "months")) - from + days
                + new TimeSpan(Number(match, "hours"), Number(match, "minutes"), Number(match, "seconds"));
            if (by > TimeSpan.Zero && by <= Furthest)
                return by;
        }

        return Failure.Invalid(new Dictionary<string, string[]> { ["advance"] = ["A period forward of a hundred years at most, such as P10D or PT6H."] });
    }

    private static int Number(Match match, string part) =>
        match.Groups[part].Success ? int.Parse(match.Groups[part].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\AP(?:(?<years>[0-9]{1,3})Y)?(?:(?<months>[0-9]{1,4})M)?(?:(?<weeks>[0-9]{1,4})W)?(?:(?<days>[0-9]{1,5})D)?(?:T(?:(?<hours>[0-9]{1,6})H)?(?:(?<minutes>[0-9]{1,6})M)?(?:(?<seconds>[0-9]{1,6})S)?)?\z")]
    private static partial Regex Form();
}
