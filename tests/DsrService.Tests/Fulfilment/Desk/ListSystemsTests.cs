using System.Text.Json;
using DsrService.Connectors;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task HandleAsync_CircuitOpen_UntilItsTimeIsOver()
    {
        var until = desk.Service.Clock.GetUtcNow().AddSeconds(30);
        await desk.Service.InDatabaseAsync(db =>
        {
            db.Add(new ConnectedSystem { Controller = TestService.Controller, System = "customer-survey", TokenHash = [2], SealingKey = [2], WebhookSecret = [2], KeyId = "kek-2026-03" });
            return db.SaveChangesAsync();
        });
        await desk.Service.Services.GetRequiredService<DsrService.Connectors.SystemHealth>().CircuitAsync(TestService.Controller, "customer-survey", until, default);

        var open = await SystemAsync("customer-survey");
        Assert.That((Text(open, "health"), open.GetProperty("circuitOpenUntil").GetDateTimeOffset()), Is.EqualTo(("circuit-open", until)));
        desk.Service.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That(Text(await SystemAsync("customer-survey"), "health"), Is.EqualTo("unknown"));
    }

    [Test]
    public async Task HandleAsync_SystemTheMapHasDropped_IsThereWhileTasksAreOpen()
    {
        var reference = await desk.PlannedAsync(Right.Access);
        var dropped = (await desk.Bench.TasksAsync(reference)).First(task => task.System == "webshop").Id;
        await desk.Service.InDatabaseAsync(db => db.Set<DsrService.Fulfilment.RequestTask>().Where(task => task.Id == dropped)
            .ExecuteUpdateAsync(update => update.SetProperty(task => task.System, "old-shop")));

        var system = await SystemAsync("old-shop");

        Assert.That((Text(system, "health"), system.GetProperty("openTasks").GetInt32(), Text(system, "binding")), Is.EqualTo(("not-in-data-map", 1, "bus")));
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
