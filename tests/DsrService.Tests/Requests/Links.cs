using System.Text.RegularExpressions;

namespace DsrService.Tests.Requests;

/// <summary>Finds the single-use link in a message.</summary>
internal static partial class Links
{
    public static string TokenIn(string text) => Token().Match(text).Groups[1].Value;

    [GeneratedRegex(@"\?token=([A-Za-z0-9_-]+)")]
    private static partial Regex Token();
}
