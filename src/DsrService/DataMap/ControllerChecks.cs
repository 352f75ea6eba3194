using DsrService.Deadlines.Rules;

namespace DsrService.DataMap;

/// <summary>What can be wrong with the controller's own facts.</summary>
internal static class ControllerChecks
{
    // First segments of the service's own paths.
    private static readonly HashSet<string> ReservedKeys =
        ["api", "desk", "status", "systems", "opendsr", "demo", "health", "error", "vendor", "openapi", "metrics", "assets"];

    public static void Check(ControllerFacts facts, YamlFields fields)
    {
        if (ReservedKeys.Contains(facts.Key))
            fields.Error("key", $"'{facts.Key}' is reserved: the service has pages of its own there.");
        if (fields.Has("contact") && !IdentifierKind.IsAddress(facts.Contact))
            fields.Error("contact", "'contact' must be an e-mail address.");
        if (fields.Has("country") && !Countries.IsCode(facts.Country))
            fields.Error("country", "'country' must be two capital letters (ISO 3166).");
        if (fields.Has("timeZone") && !IsIanaZone(facts.TimeZone))
            fields.Error("timeZone", $"unknown time zone '{facts.TimeZone}'; an IANA name such as Europe/Stockholm is expected.");
        if (fields.Has("calendar") && HolidayCalendars.Find(facts.Calendar) is null)
            fields.Error("calendar", $"unknown holiday calendar '{facts.Calendar}'; known are {string.Join(", ", HolidayCalendars.Codes)}.");
        if (facts.Languages.Count == 0)
            fields.Error("languages", "'languages' must name at least one.");
        if (facts.Languages.Any(language => language is not [>= 'a' and <= 'z', >= 'a' and <= 'z']))
            fields.Error("languages", "'languages' must be two-letter codes such as en.");
        if (facts.Rights.Count == 0)
            fields.Error("rights", "'rights' must name at least one.");
        if (facts.Authority.Web.Length > 0 && !Uri.TryCreate(facts.Authority.Web, UriKind.Absolute, out _))
            fields.Error("authority", "supervisory authority: 'web' must be an absolute address.");
    }

    private static bool IsIanaZone(string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId;
}
