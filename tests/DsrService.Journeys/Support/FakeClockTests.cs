namespace DsrService.Testing;

internal sealed class FakeClockTests
{
    [Test]
    public void Advance_WithTimers_FiresEachAtItsTimeInOrder()
    {
        var clock = new FakeClock();
        var start = clock.GetUtcNow();
        List<(string Name, TimeSpan At)> fired = [];
        using var late = clock.CreateTimer(_ => fired.Add(("late", clock.GetUtcNow() - start)), null, TimeSpan.FromHours(3), Timeout.InfiniteTimeSpan);
        using var hourly = clock.CreateTimer(_ => fired.Add(("hourly", clock.GetUtcNow() - start)), null, TimeSpan.FromHours(1), TimeSpan.FromHours(2));

        clock.Advance(TimeSpan.FromHours(4));

        Assert.That(fired, Is.EqualTo(new[]
        {
            ("hourly", TimeSpan.FromHours(1)), ("late", TimeSpan.FromHours(3)), ("hourly", TimeSpan.FromHours(3)),
        }));
        Assert.That(clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromHours(4)));
    }

    [Test]
    public void Advance_AfterDispose_FiresNothing()
    {
        var clock = new FakeClock();
        var fired = 0;
        clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)).Dispose();

        clock.Advance(TimeSpan.FromDays(1));

        Assert.That(fired, Is.Zero);
    }

    [Test]
    public async Task Delay_OnTheClock_EndsWhenTheClockGetsThere()
    {
        var clock = new FakeClock();
        var delay = Task.Delay(TimeSpan.FromDays(7), clock);

        clock.Advance(TimeSpan.FromDays(6));
        Assert.That(delay.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromDays(1));

        await delay.WaitAsync(Eventually.Deadline);
    }
}
