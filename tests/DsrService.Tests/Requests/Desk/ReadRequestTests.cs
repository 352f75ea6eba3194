using System.Net;
using System.Text.Json;
using DsrService.Audit;
using DsrService.Requests;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Requests.Desk;

internal sealed class ReadRequestTests
{
    private DeskBench desk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => desk = await DeskBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task HandleAsync_PlannedErasure_ShowsAllOfIt()
    {
        var reference = await desk.PlannedAsync(Right.Erasure);
        await desk.Bench.SettleAsync();
        var (status, body) = await DeskBench.GetAsync(await desk.ClientAsync(StaffRole.Agent), DeskBench.Path(reference));
        using var _ = Assert.EnterMultipleScope();
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Text(body, "status"), Is.EqualTo("planned"));
        Assert.That(Text(body, "waitingFor"), Is.EqualTo("approval"));
        Assert.That(Text(body.GetProperty("requester"), "email"), Is.EqualTo("ada.lind@example.org"));
        var deadline = body.GetProperty("deadline");
        Assert.That((Text(deadline, "dueOn"), deadline.GetProperty("extendedTo").ValueKind, deadline.GetProperty("suspended").GetBoolean(), deadline.GetProperty("daysLeft").GetInt32()),
            Is.EqualTo(("2026-04-01", JsonValueKind.Null, false, 30)));
        var invoices = body.GetProperty("plan").EnumerateArray().Single(row => Text(row, "category") == "invoices");
        Assert.That((Text(invoices, "system"), Text(invoices, "article"), Text(invoices, "until")), Is.EqualTo(("webshop", "17(3)(b)", "2033-12-31")));
        Assert.That(Text(invoices, "decision"), Is.EqualTo("deny").Or.EqualTo("partial"));
        var preview = body.GetProperty("tasks").EnumerateArray().First(task => task.GetProperty("preview").GetBoolean() && Text(task, "system") == "newsletter");
        Assert.That((Text(preview, "action"), Text(preview, "binding"), Text(preview, "state"), Text(preview, "waitingFor"), preview.GetProperty("attempts").GetInt32()),
            Is.EqualTo(("erase", "opendsr", "sent", "system", 1)));
        Assert.That(preview.GetProperty("counts").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(body.GetProperty("timeline").EnumerateArray().Select(entry => Text(entry, "event")), Does.Contain("request.received").And.Contain("plan.made"));
    }

    [Test]
    public async Task HandleAsync_AnsweredTask_ShowsItsCounts()
    {
        var reference = await desk.PlannedAsync(Right.Erasure);
        await desk.Bench.SettleAsync();
        var task = (await desk.Bench.TasksAsync(reference)).First(task => task is { System: "newsletter", Preview: true });
        await desk.Bench.AnswerAsync(task, Sdk.Contracts.ReceiptOutcome.Completed, new Sdk.Contracts.ReceiptItem { Category = "newsletter-subscription", Found = 2, Erased = 2 });
        var (_, body) = await DeskBench.GetAsync(await desk.ClientAsync(StaffRole.Auditor), DeskBench.Path(reference));
        var shown = body.GetProperty("tasks").EnumerateArray().Single(row => row.GetProperty("taskId").GetGuid() == task.Id);
        Assert.That((Text(shown, "outcome"), shown.GetProperty("counts").GetProperty("erased").GetInt32(), Text(shown, "waitingFor")), Is.EqualTo(("completed", 2, (string?)null)));
    }

    [Test]
    public async Task HandleAsync_EveryReading_IsInTheAccessLog()
    {
        var reference = await desk.PlannedAsync();
        var (client, member) = await desk.MemberAsync(StaffRole.Auditor);
        var request = (await desk.Service.RequestAsync(reference)).Id;
        Assert.That(await ReadingsAsync(member), Is.Empty);
        await DeskBench.GetAsync(client, DeskBench.Path(reference));
        await DeskBench.GetAsync(client, DeskBench.Path(reference));
        Assert.That(await ReadingsAsync(member), Is.EqualTo([(request, "request"), (request, "request")]));
    }

    [Test]
    public async Task HandleAsync_AccessLogCannotBeWritten_NothingIsShown()
    {
        var reference = await desk.PlannedAsync();
        var client = await desk.ClientAsync(StaffRole.Agent);
        await desk.Service.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE dsr.access_log ADD CONSTRAINT closed CHECK (false) NOT VALID"));
        try
        {
            var response = await client.GetAsync(new Uri(DeskBench.Path(reference), UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("ada.lind"));
        }
        finally
        {
            await desk.Service.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE dsr.access_log DROP CONSTRAINT closed"));
        }
    }

    private Task<List<(Guid, string)>> ReadingsAsync(Guid member) => desk.Service.InDatabaseAsync(async db =>
        (await db.Set<AccessLogEntry>().Where(entry => entry.StaffId == member).ToListAsync()).ConvertAll(entry => (entry.RequestId!.Value, entry.What)));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
