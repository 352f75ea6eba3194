using System.Globalization;

namespace DsrService.Response.Package;

/// <summary>Sizes and counts as the person reads them.</summary>
internal static class InWords
{
    public static string Bytes(long length) => length switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{length} bytes"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{length / 1000.0:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{length / 1_000_000.0:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{length / 1_000_000_000.0:0.##} GB"),
    };

    public static string Count(int number, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {(number == 1 ? one : many)}");
}
