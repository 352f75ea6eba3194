using System.Net;
using System.Net.Http.Json;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;

namespace DsrService.Tests.Requests.Desk;

/// <summary>Who may do what: api.md's table, by every role.</summary>
internal sealed class StaffApiTests
{
    private static readonly string[] AgentMoves = ["assign", "note", "extend", "suspend", "resume", "hold", "release-hold", "withdraw"];
    private static readonly string[] ApproverMoves = ["approve", "refuse"];

    private DeskBench desk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => desk = await DeskBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task EveryRoute_NoToken_Is401AndNoRedirect()
    {
        using var _ = Assert.EnterMultipleScope();
        foreach (var path in new[] { "requests", "requests/DSR-2026-XXXXXXXX", "tasks", "systems" })
            Assert.That((await desk.Service.Client.GetAsync(new Uri($"/desk/api/v1/{path}", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), path);
        foreach (var move in AgentMoves.Concat(ApproverMoves))
            Assert.That((await DeskBench.MoveAsync(desk.Service.Client, "DSR-2026-XXXXXXXX", move)).Status, Is.EqualTo(HttpStatusCode.Unauthorized), move);
    }

    [Test]
    public async Task EveryRoute_ForeignToken_Is401WithCode()
    {
        var (status, body) = await DeskBench.GetAsync(desk.Service.NewClient(bearer: "not-a-token"), "/desk/api/v1/requests");
        Assert.That((status, body.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Unauthorized, "http.unauthenticated")));
    }

    [TestCase(StaffRole.Agent, "requests tasks systems")]
    [TestCase(StaffRole.Approver, "requests tasks systems")]
    [TestCase(StaffRole.Officer, "requests tasks systems")]
    [TestCase(StaffRole.Auditor, "requests tasks systems")]
    [TestCase(StaffRole.Admin, "systems")]
    [TestCase(StaffRole.SystemOwner, "tasks")]
    public async Task Reading_EachRole_SeesWhatItIsFor(StaffRole role, string allowed)
    {
        var reference = await desk.PlannedAsync();
        var client = await desk.ClientAsync(role, system: role == StaffRole.SystemOwner ? "address-updates" : null);
        using var _ = Assert.EnterMultipleScope();
        foreach (var path in new[] { "requests", "tasks", "systems" })
        {
            var (status, body) = await DeskBench.GetAsync(client, $"/desk/api/v1/{path}");
            Assert.That(status, Is.EqualTo(allowed.Split(' ').Contains(path) ? HttpStatusCode.OK : HttpStatusCode.Forbidden), path);
            if (status == HttpStatusCode.Forbidden)
                Assert.That(body.GetProperty("code").GetString(), Is.EqualTo("http.forbidden"));
        }
        Assert.That((await DeskBench.GetAsync(client, DeskBench.Path(reference))).Status,
            Is.EqualTo(allowed.Contains("requests", StringComparison.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.Forbidden));
    }

    [TestCase(StaffRole.Agent, true, false)]
    [TestCase(StaffRole.Approver, true, true)]
    [TestCase(StaffRole.Officer, true, true)]
    [TestCase(StaffRole.Auditor, false, false)]
    [TestCase(StaffRole.Admin, false, false)]
    [TestCase(StaffRole.SystemOwner, false, false)]
    public async Task Moves_EachRole_TheRoleIsCheckedBeforeAnythingElse(StaffRole role, bool agentMoves, bool approverMoves)
    {
        var client = await desk.ClientAsync(role, system: role == StaffRole.SystemOwner ? "address-updates" : null);
        using var _ = Assert.EnterMultipleScope();
        // Neither the request nor the body is any good: whoever may not make the move must not come to know.
        foreach (var move in AgentMoves.Concat(ApproverMoves).Concat([$"tasks/{Guid.CreateVersion7()}/retry", $"tasks/{Guid.CreateVersion7()}/set-aside"]))
        {
            var allowed = ApproverMoves.Contains(move) ? approverMoves : agentMoves;
            using var content = new StringContent("{\"unknown\":1}", System.Text.Encoding.UTF8, "application/json");
            var response = await client.PostAsync(new Uri(DeskBench.Path("DSR-2026-NOSUCHONE", move), UriKind.Relative), content);
            Assert.That(response.StatusCode, allowed ? Is.EqualTo(HttpStatusCode.NotFound).Or.EqualTo(HttpStatusCode.BadRequest) : Is.EqualTo(HttpStatusCode.Forbidden), move);
        }
    }

    [Test]
    public async Task AllowedMoves_EachRoleAndStatus_AreThoseOfTheTable()
    {
        var reference = await desk.PlannedAsync();
        using var _ = Assert.EnterMultipleScope();
        foreach (var role in new[] { StaffRole.Agent, StaffRole.Approver, StaffRole.Officer, StaffRole.Auditor })
        {
            var (_, body) = await DeskBench.GetAsync(await desk.ClientAsync(role), DeskBench.Path(reference));
            Assert.That(body.GetProperty("allowedMoves").EnumerateArray().Select(move => move.GetString()),
                Is.EquivalentTo(RequestLifecycle.MovesFor(RequestStatus.Planned, role).Select(move => DsrJson.Kebab(move))), $"{role}");
        }
    }

    [Test]
    public async Task OtherController_ItsRequest_DoesNotExist()
    {
        var reference = await desk.PlannedAsync();
        var stranger = await desk.ClientAsync(StaffRole.Officer, DeskBench.Elsewhere);
        var auditor = await desk.ClientAsync(StaffRole.Auditor, DeskBench.Elsewhere);
        using var _ = Assert.EnterMultipleScope();
        Assert.That((await DeskBench.GetAsync(stranger, DeskBench.Path(reference))).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await DeskBench.GetAsync(auditor, DeskBench.Path(reference))).Status, Is.EqualTo(HttpStatusCode.NotFound));
        foreach (var move in AgentMoves.Concat(ApproverMoves))
            Assert.That((await DeskBench.MoveAsync(stranger, reference, move)).Status, Is.EqualTo(HttpStatusCode.NotFound), move);
        Assert.That((await DeskBench.GetAsync(stranger, "/desk/api/v1/requests")).Body.GetProperty("total").GetInt32(), Is.Zero);
        Assert.That((await DeskBench.GetAsync(stranger, "/desk/api/v1/requests?controller=toontrack")).Body.GetProperty("total").GetInt32(), Is.Zero);
        Assert.That((await desk.Service.RequestAsync(reference)).OnHold, Is.False);
    }

    [Test]
    public async Task ApproverElsewhere_AgentHere_MayNotApproveHere()
    {
        var reference = await desk.PlannedAsync();
        var (client, _) = await desk.MemberAsync(new CallerGrant(TestService.Controller, StaffRole.Agent), new CallerGrant(DeskBench.Elsewhere, StaffRole.Approver));
        var refused = await DeskBench.MoveAsync(client, reference, "refuse", new { ground = "exempt", explanation = "No." });
        Assert.That((refused.Status, refused.Body.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Forbidden, "staff.forbidden")));
        Assert.That((await desk.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Planned));
    }

    [TestCase("note", "{\"text\":\"x\",\"extra\":1}", "extra")]
    [TestCase("note", "{\"text\":\"\"}", "text")]
    [TestCase("refuse", "{\"ground\":\"because\",\"explanation\":\"x\"}", "ground")]
    [TestCase("refuse", "{\"ground\":\"Exempt\",\"explanation\":\"x\"}", "ground")]
    [TestCase("refuse", "{\"explanation\":\"x\"}", "ground")]
    [TestCase("extend", "{}", "reason")]
    [TestCase("note", "{\"text\":\"a\\u202Eb\"}", "text")]
    [TestCase("note", "{broken", "$")]
    public async Task Moves_BadBody_Is400WithTheField(string move, string json, string field)
    {
        var reference = await desk.PlannedAsync();
        var client = await desk.ClientAsync(StaffRole.Approver);
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var response = await client.PostAsync(new Uri(DeskBench.Path(reference, move), UriKind.Relative), content);
        var body = await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body.GetProperty("errors").EnumerateObject().Select(error => error.Name), Has.Some.EqualTo(field));
    }

    [Test]
    public async Task Moves_TooLargeBody_Is413()
    {
        var reference = await desk.PlannedAsync();
        var answer = await DeskBench.MoveAsync(await desk.ClientAsync(StaffRole.Agent), reference, "note", new { text = new string('x', 100_000) });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task Approve_TwoAtTheSameMoment_OneWinsTheOtherGets409WithTheAllowedMoves()
    {
        var reference = await desk.PlannedAsync(Right.Erasure);
        await desk.Bench.AnswerAllWithNothingAsync(reference);
        var (first, second) = (await desk.ClientAsync(StaffRole.Approver), await desk.ClientAsync(StaffRole.Officer));
        var answers = await Task.WhenAll(DeskBench.MoveAsync(first, reference, "approve"), DeskBench.MoveAsync(second, reference, "approve"));
        Assert.That(answers.Select(answer => answer.Status), Is.EquivalentTo([HttpStatusCode.OK, HttpStatusCode.Conflict]));
        var lost = answers.Single(answer => answer.Status == HttpStatusCode.Conflict).Body;
        Assert.That(lost.GetProperty("code").GetString(), Is.EqualTo("request.move_not_allowed"));
        Assert.That(lost.GetProperty("allowedMoves").EnumerateArray().Select(move => move.GetString()), Has.None.EqualTo("approve").And.Some.EqualTo("refuse"));
        Assert.That((await desk.EventsAsync(reference)).Count(name => name == "plan.approved"), Is.EqualTo(1));
    }
}
