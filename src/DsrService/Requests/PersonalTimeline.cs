using System.Globalization;
using System.Text.Json;
using DsrService.Notices;
using DsrService.Notices.Templates;
using DsrService.Sdk.Contracts;

namespace DsrService.Requests;

/// <summary>What the audit tells, as the person reads it, in the person's language. Events that say nothing to the person have
/// no words and are left out.</summary>
internal static class PersonalTimeline
{
    // Companies and staff are written to as well: that such a mail failed is nothing the person could mend.
    private static readonly HashSet<string> ToOthers =
        [DsrJson.Kebab(NoticeKind.RecipientNotice), DsrJson.Kebab(NoticeKind.PublishedData), DsrJson.Kebab(NoticeKind.DeadlineWarning), DsrJson.Kebab(NoticeKind.VendorItems), DsrJson.Kebab(NoticeKind.VendorEscalation)];

    public static string? TextFor(string @event, JsonElement facts, LetterWords words) =>
        Text(facts, "kind") is { } kind && ToOthers.Contains(kind) ? null : words.Find($"steps.{@event}", ("day", Day(facts, words)));

    private static string Day(JsonElement facts, LetterWords words) =>
        DateOnly.TryParseExact(Text(facts, "extendedTo") ?? Text(facts, "dueOn"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? words.Day(day) : "–";

    private static string? Text(JsonElement facts, string name) =>
        facts.ValueKind == JsonValueKind.Object && facts.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
