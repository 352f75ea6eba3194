using System.Text.Json;
using DsrService.Connectors;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Connectors.Api;

internal sealed class FetchTasksTests
{
    private const string Path = "/systems/v1/tasks?state=sent";

    [Test]
    public async Task Get_OwnTasks_UntilTheyAreAccepted()
    {
        var bench = await ConnectedBench.StartAsync();

        var waiting = await ReadAsync(ConnectedBench.Client);
        await bench.PostAsync(ConnectedBench.Client, "accept");
        var afterwards = await ReadAsync(ConnectedBench.Client);

        var task = waiting.Single(task => task.TaskId == bench.Task.TaskId);
        Assert.That(task.Identifiers!.Single().Value.Reveal(), Is.EqualTo("ada.lind@example.org"));
        Assert.That(task.Links, Is.EqualTo(bench.Task.Links));
        Assert.That(afterwards.Select(task => task.TaskId), Has.None.EqualTo(bench.Task.TaskId));
        Assert.That((await ReadAsync(ConnectedBench.OtherClient)).Select(task => task.System), Is.All.EqualTo(ConnectedBench.OtherSystem));
    }

    [Test]
    public async Task Get_StoppedSystem_NothingGoesOut()
    {
        var bench = await ConnectedBench.StartAsync();

        await StopAsync(true);
        var whileStopped = await ReadAsync(ConnectedBench.Client);
        await StopAsync(false);

        Assert.That(whileStopped, Is.Empty);
        Assert.That((await ReadAsync(ConnectedBench.Client)).Select(task => task.TaskId), Does.Contain(bench.Task.TaskId));
    }

    [Test]
    public async Task Get_Strangers_401AndOddState_400()
    {
        await ConnectedBench.StartAsync();

        Assert.That(await ConnectedBench.SaidAsync(await ConnectedBench.Service.Client.GetAsync(Path)), Is.EqualTo("401 http.unauthenticated"));
        Assert.That(await ConnectedBench.SaidAsync(await ConnectedBench.Client.GetAsync("/systems/v1/tasks?state=all")), Is.EqualTo("400 request.invalid"));
    }

    private static Task<int> StopAsync(bool stopped) => ConnectedBench.Service.InDatabaseAsync(async db =>
    {
        if (stopped)
            db.Add(new SystemStop { Controller = TestService.Controller, System = ConnectedBench.System, Since = ConnectedBench.Service.Clock.GetUtcNow() });
        else
            db.Remove((await db.FindAsync<SystemStop>(TestService.Controller, ConnectedBench.System))!);
        return await db.SaveChangesAsync();
    });

    private static async Task<List<SystemTask>> ReadAsync(HttpClient client) =>
        JsonSerializer.Deserialize<List<SystemTask>>(await client.GetStringAsync(Path), DsrJson.Options)!;
}
