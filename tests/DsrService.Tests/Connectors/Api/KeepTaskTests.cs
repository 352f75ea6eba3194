using DsrService.Fulfilment;

namespace DsrService.Tests.Connectors.Api;

internal sealed class KeepTaskTests
{
    [Test]
    public async Task Post_WhileAtWork_AskedAgainOnlyAfterTheLease()
    {
        var bench = await ConnectedBench.StartAsync();
        await bench.AssertOnlyTheOwnerAsync("heartbeat");
        await bench.PostAsync(ConnectedBench.Client, "accept");
        ConnectedBench.Service.Clock.Advance(TimeSpan.FromMinutes(9));

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "heartbeat"), Is.EqualTo("200"));

        var task = await ConnectedBench.Service.InDatabaseAsync(async db => (await db.FindAsync<RequestTask>(bench.Task.TaskId))!);
        Assert.That(task.NextAttemptAt, Is.EqualTo(ConnectedBench.Service.Clock.GetUtcNow() + Attempts.Lease));
    }
}
