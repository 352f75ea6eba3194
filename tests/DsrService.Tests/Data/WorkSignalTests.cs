using DsrService.Data;
using DsrService.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DsrService.Tests.Data;

internal sealed class WorkSignalTests
{
    private NpgsqlDataSource source = null!;
    private WorkSignal one = null!;
    private WorkSignal other = null!;

    [SetUp]
    public async Task StartTwoProcessesAsync()
    {
        source = NpgsqlDataSource.Create(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        (one, other) = (new(source, NullLogger<WorkSignal>.Instance), new(source, NullLogger<WorkSignal>.Instance));
        // Each wakes itself once when it has begun to listen.
        var listening = new[] { one.Next(), other.Next() };
        await one.StartAsync(default);
        await other.StartAsync(default);
        await Task.WhenAll(listening);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await one.StopAsync(default);
        await other.StopAsync(default);
        one.Dispose();
        other.Dispose();
        await source.DisposeAsync();
    }

    [Test]
    public async Task Raise_InOneProcess_WakesTheOther()
    {
        var next = other.Next();

        one.Raise();

        await Eventually.TrueAsync(() => next.IsCompleted, "the other process is woken");
    }

    // Again and again, because its own notification could come a moment after the other process has had it.
    [Test]
    public async Task Raise_InOneProcess_WakesItAtOnceAndNotAgainByItsOwnNotification()
    {
        for (var time = 0; time < 50; time++)
        {
            var (mine, there) = (one.Next(), other.Next());

            one.Raise();

            var next = one.Next();
            Assert.That(mine.IsCompleted, Is.True);
            await Eventually.TrueAsync(() => there.IsCompleted, "the other process is woken");
            Assert.That(next.IsCompleted, Is.False, $"time {time}");
        }
    }
}
