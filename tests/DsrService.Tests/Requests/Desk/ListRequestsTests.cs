using System.Net;
using System.Text.Json;
using DsrService.Requests;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Requests.Desk;

internal sealed class ListRequestsTests
{
    private const string List = "/desk/api/v1/requests";
    private readonly List<string> references = [];
    private DeskBench desk = null!;
    private HttpClient client = null!;
    private Guid member;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        desk = await DeskBench.StartAsync();
        (client, member) = await desk.MemberAsync(StaffRole.Agent);
        // Days left: -2, -1, 0, 1, 2 ... 9; several on the same day.
        for (var number = 0; number < 12; number++)
        {
            var reference = await desk.PlannedAsync(number % 3 == 0 ? Right.Erasure : Right.Access);
            references.Add(reference);
            var due = new DateOnly(2026, 3, 2).AddDays(number / 2 * 2 - 2);
            // Days end at 23:00 UTC in Stockholm's winter.
            var end = new DateTimeOffset(due, new TimeOnly(23, 0), TimeSpan.Zero);
            await desk.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().Where(row => row.Reference == reference)
                .ExecuteUpdateAsync(row => row.SetProperty(request => request.DueOn, due).SetProperty(request => request.DueEndAt, end)));
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task HandleAsync_PageByPage_ShowsEachOnceInOrder([Values("dueOn", "-dueOn", "receivedAt", "-receivedAt")] string sort)
    {
        var seen = new List<JsonElement>();
        string? next = null;
        do
        {
            var (status, body) = await GetAsync($"?sort={sort}&limit=5{(next is null ? "" : $"&cursor={next}")}");
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(body.GetProperty("total").GetInt32(), Is.GreaterThanOrEqualTo(12));
            seen.AddRange(body.GetProperty("items").EnumerateArray());
            next = body.GetProperty("next").GetString();
        }
        while (next is not null);
        Assert.That(seen.Select(item => item.GetProperty("reference").GetString()), Is.Unique.And.SupersetOf(references));
        var values = seen.Select(item => item.GetProperty(sort.TrimStart('-')).GetString()).ToList();
        Assert.That(values, sort.StartsWith('-') ? Is.Ordered.Descending : Is.Ordered);
    }

    [Test]
    public async Task HandleAsync_SomethingClosesBetweenPages_NothingIsSkippedOrRepeated()
    {
        var first = (await GetAsync("?limit=4&status=planned")).Body;
        var shown = first.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("reference").GetString()!).ToList();
        await DeskBench.MoveAsync(client, await desk.PlannedAsync(), "withdraw");
        var second = (await GetAsync($"?limit=200&status=planned&cursor={first.GetProperty("next").GetString()}")).Body;
        Assert.That(shown.Concat(second.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("reference").GetString()!)), Is.Unique.And.SupersetOf(references));
    }

    [TestCase("due=overdue", 2)]
    [TestCase("due=today", 2)]
    [TestCase("due=7d", 8)]
    [TestCase("due=overdue&right=erasure", 1)]
    [TestCase("due=7d&status=in-progress", 0)]
    [TestCase("due=7d&status=planned,in-progress", 8)]
    [TestCase("due=7d&controller=elsewhere", 0)]
    [TestCase("due=7d&assignee=none", 8)]
    public async Task HandleAsync_Filters_Narrow(string query, int count)
    {
        var (status, body) = await GetAsync($"?{query}");
        Assert.That((status, body.GetProperty("total").GetInt32()), Is.EqualTo((HttpStatusCode.OK, count)));
        Assert.That(body.GetProperty("totalText").GetString(), Is.EqualTo($"{count}"));
    }

    [Test]
    public async Task HandleAsync_Overdue_SaysByHowMuch()
    {
        var item = (await GetAsync("?due=overdue")).Body.GetProperty("items")[0];
        Assert.That((item.GetProperty("daysLeft").GetInt32(), item.GetProperty("overdue").GetBoolean()), Is.EqualTo((-2, true)));
    }

    [Test]
    public async Task HandleAsync_ReferenceAndAssignee_FindOne()
    {
        await DeskBench.MoveAsync(client, references[4], "assign");
        Assert.That((await GetAsync($"?reference={references[4].ToLowerInvariant()}")).Body.GetProperty("items")[0].GetProperty("reference").GetString(), Is.EqualTo(references[4]));
        foreach (var assignee in new[] { "me", member.ToString() })
            Assert.That((await GetAsync($"?assignee={assignee}")).Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("reference").GetString()), Is.EqualTo([references[4]]));
        await DeskBench.MoveAsync(client, references[4], "assign", new { assignee = "none" });
    }

    [TestCase("status=finished", "status")]
    [TestCase("right=Erasure", "right")]
    [TestCase("due=tomorrow", "due")]
    [TestCase("sort=name", "sort")]
    [TestCase("limit=0", "limit")]
    [TestCase("limit=many", "limit")]
    [TestCase("cursor=abc", "cursor")]
    [TestCase("colour=red", "colour")]
    public async Task HandleAsync_BadFilter_NamesIt(string query, string name)
    {
        var (status, body) = await GetAsync($"?{query}");
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body.GetProperty("errors").TryGetProperty(name, out var _), Is.True);
    }

    [Test]
    public async Task HandleAsync_CursorOfAnotherOrder_IsRefused()
    {
        var next = (await GetAsync("?limit=1&sort=dueOn")).Body.GetProperty("next").GetString();
        Assert.That((await GetAsync($"?limit=1&sort=-dueOn&cursor={next}")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task HandleAsync_AnyList_HoldsNoPersonalData()
    {
        var text = await client.GetStringAsync(new Uri(List, UriKind.Relative));
        Assert.That(text, Does.Not.Contain("ada.lind").And.Not.Contain("Ada"));
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string query) => DeskBench.GetAsync(client, List + query);
}
