using System.Net;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Requests;

internal sealed class AssignRequestTests
{
    private DeskBench desk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => desk = await DeskBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task HandleAsync_NoBody_AssignsToTheCaller()
    {
        var reference = await desk.PlannedAsync();
        var (client, id) = await desk.MemberAsync(StaffRole.Agent);
        var answer = await client.PostAsync(new Uri(DeskBench.Path(reference, "assign"), UriKind.Relative), null);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await desk.Service.RequestAsync(reference)).Assignee, Is.EqualTo(id));
    }

    [Test]
    public async Task HandleAsync_UserNameThenNobody_ChangesBothTimes()
    {
        var reference = await desk.PlannedAsync();
        var (client, _) = await desk.MemberAsync(StaffRole.Agent);
        var (_, other) = await desk.MemberAsync(StaffRole.Officer);
        var name = await desk.Service.InDatabaseAsync(db => db.Set<StaffMember>().Where(row => row.Id == other).Select(row => row.UserName).SingleAsync());
        var given = await DeskBench.MoveAsync(client, reference, "assign", new { assignee = name });
        Assert.That(given.Body.GetProperty("assignee").GetProperty("id").GetGuid(), Is.EqualTo(other));
        await DeskBench.MoveAsync(client, reference, "assign", new { assignee = AssignRequest.Nobody });
        Assert.That((await desk.Service.RequestAsync(reference)).Assignee, Is.Null);
        Assert.That((await desk.EventsAsync(reference)).Count(name => name == "request.assigned"), Is.EqualTo(2));
    }

    [TestCase(StaffRole.Auditor, TestService.Controller)]
    [TestCase(StaffRole.Agent, DeskBench.Elsewhere)]
    public async Task HandleAsync_WhoCannotWorkOnIt_IsRefused(StaffRole role, string controller)
    {
        var reference = await desk.PlannedAsync();
        var (client, _) = await desk.MemberAsync(StaffRole.Agent);
        var (_, other) = await desk.MemberAsync(role, controller);
        var answer = await DeskBench.MoveAsync(client, reference, "assign", new { assignee = other.ToString() });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Body.GetProperty("errors").TryGetProperty("assignee", out var _), Is.True);
    }
}
