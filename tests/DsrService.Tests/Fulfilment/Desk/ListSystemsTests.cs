using System.Text.Json;
using DsrService.Connectors;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Fulfilment.Desk;

internal sealed class ListSystemsTests
{
    private DeskBench desk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => desk = await DeskBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task HandleAsync_AManualSystem_IsThereWithItsOpenTasks()
    {
        var reference = await desk.PlannedAsync(Right.Erasure);
        await desk.Bench.AnswerAllWithNothingAsync(reference);
        Assert.That((await desk.Bench.ApproveAsync(reference)).Failure, Is.Null);
        await desk.Bench.SettleAsync();

        var system = await SystemAsync("fulfilment-vendor");

        Assert.That((Text(system, "controller"), Text(system, "binding"), Text(system, "health"), system.GetProperty("openTasks").GetInt32()),
            Is.EqualTo(("toontrack", "manual", "manual", 1)));
    }

    [Test]
    public async Task HandleAsync_Health_FollowsWhatTheSystemDidLast()
    {
        var now = desk.Service.Clock.GetUtcNow();
        Assert.That(Text(await SystemAsync("newsletter"), "health"), Is.EqualTo("not-connected"));
        await desk.Service.InDatabaseAsync(db =>
        {
            db.Add(new ConnectedSystem { Controller = TestService.Controller, System = "newsletter", TokenHash = [1], SealingKey = [1], WebhookSecret = [1], KeyId = "kek-2026-03" });
            return db.SaveChangesAsync();
        });
        Assert.That(Text(await SystemAsync("newsletter"), "health"), Is.EqualTo("unknown"));
        await SetAsync(row => row.SetProperty(system => system.LastAnswerAt, now));
        Assert.That(Text(await SystemAsync("newsletter"), "health"), Is.EqualTo("ok"));
        await SetAsync(row => row.SetProperty(system => system.LastErrorAt, now.AddMinutes(1)));
        Assert.That(Text(await SystemAsync("newsletter"), "health"), Is.EqualTo("failing"));
        await desk.Service.InDatabaseAsync(db =>
        {
            db.Add(new SystemStop { Controller = TestService.Controller, System = "newsletter", Since = now });
            return db.SaveChangesAsync();
        });
        Assert.That(Text(await SystemAsync("newsletter"), "health"), Is.EqualTo("stopped"));
    }

    [Test]
    public async Task HandleAsync_StaffOfAnotherController_SeesNone()
    {
        var (_, body) = await DeskBench.GetAsync(await desk.ClientAsync(StaffRole.Admin, DeskBench.Elsewhere), "/desk/api/v1/systems");
        Assert.That(body.GetArrayLength(), Is.Zero);
    }

    private Task<int> SetAsync(Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<ConnectedSystem>> set) =>
        desk.Service.InDatabaseAsync(db => db.Set<ConnectedSystem>().Where(row => row.System == "newsletter").ExecuteUpdateAsync(set));

    private async Task<JsonElement> SystemAsync(string key)
    {
        var (_, body) = await DeskBench.GetAsync(await desk.ClientAsync(StaffRole.Admin), "/desk/api/v1/systems");
        return body.EnumerateArray().Single(row => Text(row, "system") == key);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
