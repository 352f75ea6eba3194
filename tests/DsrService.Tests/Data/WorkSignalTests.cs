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

    [Test]
    public async Task Raise_InOneProcess_WakesItOnceAndNotAgainByItsOwnNotification()
    {
        one.Raise();
        var afterMine = one.Next();
        var there = other.Next();
        one.Raise();
        var mine = afterMine.IsCompleted;
        var next = one.Next();
        await Eventually.TrueAsync(() => there.IsCompleted, "the other process is woken");

        // Whatever came back of one's own has come by the time that a later one of the other arrives.
        Assert.That(mine, Is.True);
        Assert.That(next.IsCompleted, Is.False);
        other.Raise();
        await Eventually.TrueAsync(() => next.IsCompleted, "it is woken by the other");
    }
}
