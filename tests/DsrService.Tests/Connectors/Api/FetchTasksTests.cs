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
        await using var bench = await ConnectedBench.StartAsync();

        var waiting = await ReadAsync(bench.Client);
        await bench.PostAsync(bench.Client, "accept");
        var afterwards = await ReadAsync(bench.Client);

        var task = waiting.Single(task => task.TaskId == bench.Task.TaskId);
        Assert.That(task.Identifiers!.Single().Value.Reveal(), Is.EqualTo("ada.lind@example.org"));
        Assert.That(task.Links, Is.EqualTo(bench.Task.Links));
        Assert.That(afterwards.Select(task => task.TaskId), Has.None.EqualTo(bench.Task.TaskId));
        Assert.That((await ReadAsync(bench.OtherClient)).Select(task => task.System), Is.All.EqualTo(ConnectedBench.OtherSystem));
    }

    [Test]
    public async Task Get_StoppedSystem_NothingGoesOut()
    {
        await using var bench = await ConnectedBench.StartAsync();
        await bench.Service.InDatabaseAsync(async db =>
        {
            (await db.FindAsync<ConnectedSystem>(TestService.Controller, ConnectedBench.System))!.Stopped = true;
            return await db.SaveChangesAsync();
        });

        Assert.That(await ReadAsync(bench.Client), Is.Empty);
    }

    [Test]
    public async Task Get_Strangers_401AndOddState_400()
    {
        await using var bench = await ConnectedBench.StartAsync();

        Assert.That(await ConnectedBench.SaidAsync(await bench.Service.Client.GetAsync(Path)), Is.EqualTo("401 http.unauthenticated"));
        Assert.That(await ConnectedBench.SaidAsync(await bench.Client.GetAsync("/systems/v1/tasks?state=all")), Is.EqualTo("400 request.invalid"));
    }

    private static async Task<List<SystemTask>> ReadAsync(HttpClient client) =>
        JsonSerializer.Deserialize<List<SystemTask>>(await client.GetStringAsync(Path), DsrJson.Options)!;
}
