using DsrService.Fulfilment;

namespace DsrService.Tests.Connectors.Api;

internal sealed class KeepTaskTests
{
    [Test]
    public async Task Post_WhileAtWork_AskedAgainOnlyAfterTheLease()
    {
        await using var bench = await ConnectedBench.StartAsync();
        await bench.AssertOnlyTheOwnerAsync("heartbeat");
        await bench.PostAsync(bench.Client, "accept");
        bench.Service.Clock.Advance(TimeSpan.FromMinutes(9));

        Assert.That(await bench.PostAsync(bench.Client, "heartbeat"), Is.EqualTo("200"));

        var task = await bench.Service.InDatabaseAsync(async db => (await db.FindAsync<RequestTask>(bench.Task.TaskId))!);
        Assert.That(task.NextAttemptAt, Is.EqualTo(bench.Service.Clock.GetUtcNow() + Attempts.Lease));
    }
}
