using DsrService.Hosting;

namespace DsrService.Connectors.Vendors;

/// <summary>When a vendor is written to, and when somebody else has to be. Pure.</summary>
internal static class VendorSchedule
{
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);
    private static readonly TimeSpan UrgentPause = TimeSpan.FromHours(1);

    /// <param name="SentAt">Since when the item waits.</param>
    /// <param name="ToldAt">When the vendor was first written to of it; null while that is to come.</param>
    /// <param name="DueAt">By when it must be done.</param>
    /// <param name="WithStaff">The vendor told of a problem: a person has it in hand.</param>
    internal sealed record Item(DateTimeOffset SentAt, DateTimeOffset? ToldAt, DateTimeOffset DueAt, bool WithStaff);

    /// <summary>Whether a mail has to go out now: one for all items, and no more than one a day unless something is due soon.</summary>
    public static bool Writes(IReadOnlyCollection<Item> items, DateTimeOffset? lastMail, DateTimeOffset now, VendorOptions options)
    {
        var waiting = items.Where(item => Marks(item, options).Any(mark => mark <= now && !(lastMail >= mark))).ToList();
        var urgent = waiting.Exists(item => now >= item.DueAt.AddDays(-options.RemindDaysBeforeDue));
        return waiting.Count > 0 && (lastMail is null || now >= lastMail + (urgent ? UrgentPause : Pause));
    }

    /// <summary>Whether somebody of the staff has to take the item in hand.</summary>
    public static bool Escalates(Item item, bool undelivered, DateTimeOffset now, VendorOptions options) =>
        item.ToldAt is { } told && (undelivered || now >= told.AddDays(options.EscalateAfterDays) || now >= item.DueAt.AddDays(-options.EscalateDaysBeforeDue));

    private static IEnumerable<DateTimeOffset> Marks(Item item, VendorOptions options)
    {
        if (item.WithStaff)
            yield break;
        if (item.ToldAt is not { } told)
        {
            yield return item.SentAt;
            yield break;
        }
        yield return told.AddDays(options.FirstReminderDays);
        yield return told.AddDays(options.SecondReminderDays);
        if (item.DueAt.AddDays(-options.RemindDaysBeforeDue) is var soon && soon > told)
            yield return soon;
    }
}
