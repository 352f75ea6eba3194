using DsrService.Fulfilment;

namespace DsrService.Tests.Connectors.Api;

internal sealed class AcceptTaskTests
{
    [Test]
    public async Task Post_ByItsSystem_Accepted()
    {
        var bench = await ConnectedBench.StartAsync();
        await bench.AssertOnlyTheOwnerAsync("accept");

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "accept"), Is.EqualTo("200"));
        Assert.That(await bench.StateAsync(), Is.EqualTo(TaskState.Accepted));
    }

    [Test]
    public async Task Post_NoSuchTask_404()
    {
        var bench = await ConnectedBench.StartAsync();

        Assert.That(await ConnectedBench.SaidAsync(await ConnectedBench.Client.PostAsync($"/systems/v1/tasks/{Guid.CreateVersion7()}/accept", null)),
            Is.EqualTo("404 task.not_found"));
        Assert.That(await ConnectedBench.SaidAsync(await ConnectedBench.Client.PostAsync("/systems/v1/tasks/x/accept", null)), Is.EqualTo("404 http.not_found"));
    }
}
