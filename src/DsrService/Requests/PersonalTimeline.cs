using System.Globalization;
using System.Text.Json;

namespace DsrService.Requests;

/// <summary>What the audit tells, as the person reads it. Events that say nothing to the person are left out.</summary>
internal static class PersonalTimeline
{
    public static string? TextFor(string @event, JsonElement facts) => @event switch
    {
        "request.received" => "We received your request and wrote to you.",
        "identity.confirmed" => "You confirmed your e-mail address.",
        "identity.reminded" => "We reminded you to confirm your e-mail address.",
        "identity.link_sent" => "We sent you a new link, as asked.",
        "request.expired" => "Nobody confirmed the request. We closed it for now and wrote to you.",
        "request.reopened" => "You confirmed after all. We took the request up again.",
        "plan.made" => "We worked out which of our systems your request concerns and what the law gives.",
        "plan.approved" => "A person checked the plan. The work began.",
        "plan.approved_by_policy" => "The work began at once.",
        "tasks.ended" => "All systems have answered.",
        "package.built" => "Your data was put together.",
        "package.downloaded" => "You downloaded your data.",
        "deadline.extended" => $"We need more time{Until(facts, "extendedTo")}. We wrote to you why.",
        "deadline.suspended" => "We need something from you before we can go on. The time to answer stands still until then.",
        "deadline.resumed" => $"The time to answer runs again{Until(facts, "dueOn")}.",
        "request.refused" => "We decided not to act on your request and wrote to you why.",
        "request.withdrawn" => "The request was taken back.",
        "request.answered" => "We answered your request.",
        "notice.failed" => "A message to you could not be delivered.",
        _ => null,
    };

    private static string Until(JsonElement facts, string name) =>
        facts.TryGetProperty(name, out var value) && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? $", until {day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}"
            : "";
}
