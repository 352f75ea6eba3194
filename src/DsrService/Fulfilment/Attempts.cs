namespace DsrService.Fulfilment;

/// <summary>How often and when something is tried again.</summary>
internal static class Attempts
{
    /// <summary>How long a system that has a task in hand may be silent before it is asked again.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    /// <summary>How often a preview is asked for; after that it is said that none could be had.</summary>
    public const int ForPreview = 2;

    private static readonly TimeSpan LongestWish = TimeSpan.FromDays(7);

    /// <summary>A system may wish when to be asked again, within a week.</summary>
    public static TimeSpan NotTooLong(TimeSpan wish) => wish < TimeSpan.Zero ? TimeSpan.Zero : wish > LongestWish ? LongestWish : wish;

    private const double FirstSeconds = 2;
    private const double MostSeconds = 3600;

    /// <summary>When to try again after a failed attempt: 2 seconds, doubling, an hour at most, a tenth more by chance.</summary>
    public static TimeSpan RetryAfter(int attempt, double chance) =>
        TimeSpan.FromSeconds(Math.Min(FirstSeconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20)), MostSeconds) * (1 + chance / 10));
}
