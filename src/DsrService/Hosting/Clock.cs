namespace DsrService.Hosting;

/// <summary>The system clock plus an offset that is nought outside the demo. It never goes back.</summary>
internal sealed class Clock : TimeProvider
{
    private long offsetTicks;

    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref offsetTicks));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    public void SetOffset(TimeSpan offset)
    {
        if (offset >= Offset)
            Interlocked.Exchange(ref offsetTicks, offset.Ticks);
    }
}
