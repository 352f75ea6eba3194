namespace DsrService.Testing;

/// <summary>Waits for something to become so, and says what it waited for when it does not.</summary>
internal static class Eventually
{
    /// <summary>Long, because the machine may be busy; a condition that holds is seen within a quarter of a second.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan slowest = TimeSpan.FromMilliseconds(250);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null) =>
        GetAsync<object>(async () => await condition() ? string.Empty : null, what, within);

    /// <summary>The first answer of <paramref name="probe"/> that is not null. Exceptions count as "not yet".</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> probe, string what, TimeSpan? within = null)
        where T : class
    {
        var limit = within ?? Deadline;
        var started = TimeProvider.System.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        Exception? last = null;
        while (true)
        {
            try
            {
                if (await probe() is { } found)
                {
                    return found;
                }
                last = null;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                last = exception;
            }

            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: {what}. {last?.Message}", last);
            }
            await pause.WaitForNextTickAsync();
            pause.Period = pause.Period * 2 < slowest ? pause.Period * 2 : slowest;
        }
    }
}
