using System.Net;
using DsrService.Audit;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Requests;

internal sealed class AddNoteTests
{
    private DeskBench desk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => desk = await DeskBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task HandleAsync_Words_AreReadInTheTimelineAndSealedInTheAudit()
    {
        const string words = "Ada called and moved to Umeå";
        var reference = await desk.PlannedAsync();
        var client = await desk.ClientAsync(StaffRole.Agent);
        Assert.That((await DeskBench.MoveAsync(client, reference, "note", new { text = words })).Status, Is.EqualTo(HttpStatusCode.OK));
        var chain = (await desk.Service.RequestAsync(reference)).Id.ToString();
        var facts = await desk.Service.InDatabaseAsync(db => db.Set<AuditEntry>().Where(row => row.Chain == chain).Select(row => row.Facts).ToListAsync());
        var (_, body) = await DeskBench.GetAsync(client, DeskBench.Path(reference));
        Assert.That(facts, Has.None.Contains("Umeå").And.None.Contains("Ada"));
        Assert.That(body.GetProperty("timeline").EnumerateArray().Single(entry => entry.GetProperty("event").GetString() == "request.noted").GetProperty("note").GetString(), Is.EqualTo(words));
    }
}
