using DsrService.Fulfilment;

namespace DsrService.Tests.Connectors.Api;

internal sealed class ReportFailureTests
{
    [Test]
    public async Task Post_ByItsSystem_AskedAgainWhenItWishes()
    {
        var bench = await ConnectedBench.StartAsync();
        var failure = new { code = "store.unavailable", message = "maintenance", retryAfterSeconds = 120 };
        await bench.AssertOnlyTheOwnerAsync("failure", failure);

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "failure", failure), Is.EqualTo("200"));

        var task = await ConnectedBench.Service.InDatabaseAsync(async db => (await db.FindAsync<RequestTask>(bench.Task.TaskId))!);
        Assert.That(task.State, Is.EqualTo(TaskState.Failed));
        Assert.That(task.LastError, Is.EqualTo("store.unavailable"));
    }

    [Test]
    public async Task Post_OddBodies_RefusedWithACode()
    {
        var bench = await ConnectedBench.StartAsync();

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "failure"), Is.EqualTo("415 http.unsupported_media_type"));
        Assert.That(await bench.PostAsync(ConnectedBench.Client, "failure", new { message = "m" }), Is.EqualTo("400 request.invalid"));
        Assert.That(await bench.PostAsync(ConnectedBench.Client, "failure", new { code = "a.b", colour = 1 }), Is.EqualTo("400 request.invalid"));
        Assert.That(await bench.PostAsync(ConnectedBench.Client, "failure", new { code = "a.b", retryAfterSeconds = "soon" }), Is.EqualTo("400 request.invalid"));
    }
}
