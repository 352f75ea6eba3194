using System.Net;
using DsrService.Audit;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Fulfilment.Desk;

/// <summary>What staff and owners of systems see of tasks, and what an owner may do.</summary>
internal sealed class ListTasksTests
{
    private DeskBench desk = null!;
    private string reference = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        desk = await DeskBench.StartAsync();
        reference = await desk.PlannedAsync(Right.Erasure);
        await desk.Bench.AnswerAllWithNothingAsync(reference);
        Assert.That((await desk.Bench.ApproveAsync(reference)).Failure, Is.Null);
        await desk.Bench.SettleAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task HandleAsync_Owner_SeesTheTasksOfTheOwnSystemOnly()
    {
        var (client, member) = await desk.MemberAsync(StaffRole.SystemOwner, system: "address-updates");
        var (status, body) = await DeskBench.GetAsync(client, "/desk/api/v1/tasks");
        var items = body.GetProperty("items").EnumerateArray().ToList();
        using var _ = Assert.EnterMultipleScope();
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(items.Select(item => item.GetProperty("system").GetString()), Is.All.EqualTo("address-updates").And.Not.Empty);
        Assert.That(items[0].GetProperty("identifiers")[0].GetProperty("value").GetString(), Is.EqualTo("ada.lind@example.org"));
        Assert.That(items[0].GetProperty("canComplete").GetBoolean(), Is.True);
        var readings = await desk.Service.InDatabaseAsync(db => db.Set<AccessLogEntry>().CountAsync(entry => entry.StaffId == member && entry.What == "task"));
        Assert.That(readings, Is.EqualTo(1));
        Assert.That((await DeskBench.GetAsync(client, "/desk/api/v1/tasks?system=fulfilment-vendor")).Body.GetProperty("total").GetInt32(), Is.Zero);
    }

    [Test]
    public async Task HandleAsync_OwnerElsewhere_SeesNothing()
    {
        var client = await desk.ClientAsync(StaffRole.SystemOwner, DeskBench.Elsewhere, "address-updates");
        Assert.That((await DeskBench.GetAsync(client, "/desk/api/v1/tasks")).Body.GetProperty("total").GetInt32(), Is.Zero);
    }

    [Test]
    public async Task HandleAsync_Agent_SeesAllAndWhoseDataOnlyWhereWorkedByHand()
    {
        var (_, body) = await DeskBench.GetAsync(await desk.ClientAsync(StaffRole.Agent), "/desk/api/v1/tasks");
        var items = body.GetProperty("items").EnumerateArray().ToList();
        Assert.That(items.Select(item => item.GetProperty("binding").GetString()), Has.Some.EqualTo("manual").And.Some.EqualTo("bus"));
        Assert.That(items.Where(item => item.GetProperty("binding").GetString() != "manual").All(item => !item.TryGetProperty("identifiers", out var _)), Is.True);
    }

    [Test]
    public async Task HandleAsync_PageByPage_ShowsEachOnce()
    {
        var client = await desk.ClientAsync(StaffRole.Agent);
        var seen = new List<string>();
        string? next = null;
        do
        {
            var (_, body) = await DeskBench.GetAsync(client, $"/desk/api/v1/tasks?limit=2{(next is null ? "" : $"&cursor={next}")}");
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("taskId").GetString()!));
            next = body.GetProperty("next").GetString();
        }
        while (next is not null);
        Assert.That(seen, Is.Unique.And.Count.GreaterThan(2));
    }

    [Test]
    public async Task Complete_OwnerOfAnotherSystem_ItsTaskDoesNotExist()
    {
        var task = await desk.Bench.TaskAsync(reference, "erase:address-updates");
        var client = await desk.ClientAsync(StaffRole.SystemOwner, system: "fulfilment-vendor");
        var answer = await DeskBench.MoveAsync(client, reference, $"tasks/{task.Id}/complete", new { outcome = "nothing-found" });
        Assert.That((answer.Status, answer.Body.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.NotFound, "task.not_found")));
    }

    [Test]
    public async Task Complete_ReceiptThatContradictsItself_Is422WithTheMember()
    {
        var task = await desk.Bench.TaskAsync(reference, "erase:address-updates");
        var client = await desk.ClientAsync(StaffRole.SystemOwner, system: "address-updates");
        var answer = await DeskBench.MoveAsync(client, reference, $"tasks/{task.Id}/complete",
            new { outcome = "completed", items = new[] { new { category = "address-changes", found = 3, erased = 2 } } });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(answer.Body.GetProperty("errors").TryGetProperty("items[0].found", out var _), Is.True);
    }

    [Test]
    public async Task Complete_OwnerOfTheSystem_EndsTheTask()
    {
        var other = await desk.PlannedAsync(Right.Access);
        await desk.Bench.AnswerAllWithNothingAsync(other);
        Assert.That((await desk.Bench.ApproveAsync(other)).Failure, Is.Null);
        await desk.Bench.AnswerAllWithNothingAsync(other, open => open.Binding != Binding.Manual);
        var task = await desk.Bench.TaskAsync(other, "access:address-updates");
        var client = await desk.ClientAsync(StaffRole.SystemOwner, system: "address-updates");
        var answer = await DeskBench.MoveAsync(client, other, $"tasks/{task.Id}/complete", new { outcome = "nothing-found" });
        Assert.That((answer.Status, answer.Body.GetProperty("state").GetString()), Is.EqualTo((HttpStatusCode.OK, "done")));
        Assert.That((await desk.Bench.TaskAsync(other, "access:address-updates")).State, Is.EqualTo(TaskState.Done));
    }
}
