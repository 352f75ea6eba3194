using System.Globalization;
using System.Text.Json.Nodes;
using DsrService.Testing;

namespace DsrService.Journeys.Journey;

/// <summary>What breaks while ten requests are under way: they all end, and nothing is done twice with effect. Minutes each,
/// so they run when asked for: <c>--filter TestCategory=Long</c>.</summary>
[Category("Long")]
public sealed class FaultTests
{
    private const int Requested = 10;

    private Installation installation = null!;

    // Each test takes ten people of its own.
    private int next;

    [OneTimeSetUp]
    public async Task StartInstallation() => installation = await Installation.StartAsync();

    [OneTimeTearDown]
    public async Task StopInstallation()
    {
        if (installation is not null)
            await installation.DisposeAsync();
    }

    [TearDown]
    public void ShowWhatTheProcessesSaid() => installation.ShowIfFailed();

    [Test]
    public Task Service_KilledWhileTenErasuresAreInProgress_AllTenEndAndNothingIsDoneTwice() => TenErasuresAsync(async () =>
    {
        await installation.KillServiceAsync();
        await installation.StartServiceAsync();
    });

    [Test]
    public Task Systems_KilledWhileTenErasuresAreInProgress_AllTenEndAndNothingIsDoneTwice() => TenErasuresAsync(async () =>
    {
        await installation.KillSystemsAsync();
        await installation.StartSystemsAsync();
    });

    [Test]
    public Task Broker_StoppedAndStartedWhileTenErasuresAreInProgress_AllTenEndAndNothingIsDoneTwice() => TenErasuresAsync(async () =>
    {
        await installation.Broker.StopAsync();
        await installation.Broker.StartAgainAsync();
    });

    [Test]
    public Task Broker_AwayForAMinuteWhileTenErasuresAreInProgress_AllTenEndAndNothingIsDoneTwice() => TenErasuresAsync(async () =>
    {
        await installation.Broker.StopAsync();
        using (var minute = new PeriodicTimer(TimeSpan.FromMinutes(1)))
            await minute.WaitForNextTickAsync();
        await installation.Broker.StartAgainAsync();
    });

    private async Task TenErasuresAsync(Func<Task> fault)
    {
        using var client = installation.Client();
        var people = (await client.PeopleAsync()).Skip(next).Take(Requested).ToList();
        next += Requested;
        Dictionary<string, (JsonNode Person, int Rows)> requests = [];
        foreach (var person in people)
        {
            var email = (string)person["email"]!;
            var rows = (await client.HeldAsync(email)).Values.Sum(store => store["rows"]!.AsArray().Count(row => !IsPastBookkeeping(row!)));
            var reference = await client.SubmitAsync(Requests.Of(person, "erasure"));
            await client.ConfirmAsync(reference, email);
            requests.Add(reference, (person, rows));
        }

        foreach (var reference in requests.Keys)
            await Eventually.TrueAsync(async () => Tasks(await client.ReadAsync(reference)).Any(IsPreview)
                && Tasks(await client.ReadAsync(reference)).Where(IsPreview).All(task => (string)task["state"]! is "done" or "failed"), $"the previews of {reference}", Client.Patience);

        // So slow that the fault meets tasks in hand.
        await client.TellAsync("webshop", "slow");
        foreach (var reference in requests.Keys)
            Assert.That(await client.MoveAsync(reference, "approve"), reference);
        await Eventually.TrueAsync(async () => Tasks(await client.ReadAsync(requests.Keys.Last())).Any(task =>
            (string)task["system"]! == "webshop" && IsErasure(task) && (string)task["state"]! is "sent" or "accepted"), "the webshop to have work in hand", Client.Patience);
        await fault();
        await client.TellAsync("webshop", "normal");
        // What was in hand is asked for again after a minute or more, by the service's clock.
        await client.AdvanceAsync("PT10M");
        foreach (var reference in requests.Keys)
            await client.WorkAsync(reference);

        foreach (var (reference, (person, rows)) in requests)
        {
            var request = await client.ReadAsync(reference);
            var after = await client.HeldAsync((string)person["email"]!);
            var left = after.Values.Sum(store => store["rows"]!.AsArray().Count);
            var tasks = Tasks(request);
            Assert.Multiple(() =>
            {
                Assert.That((string)request["status"]!, Is.EqualTo("partly-fulfilled"), reference);
                Assert.That(after["newsletter"]["rows"]!.AsArray(), Is.Empty);
                Assert.That(tasks.Where(task => !IsPreview(task)).Select(task => (string)task["state"]!), Has.All.AnyOf("done", "verified"), reference);
                // Every row is counted once: erased by one receipt, or kept and still there.
                Assert.That(Sum(tasks, "erased", "anonymised") - OthersCopies(tasks) + left, Is.EqualTo(rows), () => string.Join('\n',
                    tasks.Where(IsErasure).Select(task => $"{task["system"]} {task["state"]} {task["outcome"]} {task["attempts"]} {task["items"]!.ToJsonString()}")));
            });
        }
    }

    /// <summary>Messages of the person in other members' mailboxes are anonymised too; the stores show only the own ones.</summary>
    private static int OthersCopies(IReadOnlyList<JsonNode> tasks) => tasks.Where(IsErasure)
        .Sum(task => Items(task).Where(item => (string)item!["category"]! == "private-messages").Sum(item => (int?)item!["anonymised"] ?? 0));

    private static int Sum(IReadOnlyList<JsonNode> tasks, params string[] counts) => tasks.Where(IsErasure)
        .Sum(task => Items(task).Sum(item => counts.Sum(count => (int?)item![count] ?? 0)));

    // Such rows go with the rest, and are in no count.
    private static bool IsPastBookkeeping(JsonNode row) => ((string?)row["orderedOn"] ?? (string?)row["invoicedOn"]) is { } day
        && int.Parse(day[..4], CultureInfo.InvariantCulture) + 7 < TimeProvider.System.GetUtcNow().Year;

    private static List<JsonNode> Tasks(JsonNode request) => [.. request["tasks"]!.AsArray().Select(task => task!)];

    private static bool IsErasure(JsonNode task) => (string)task["action"]! is "erase" or "notify" && !IsPreview(task);

    private static bool IsPreview(JsonNode task) => (bool)task["preview"]!;

    private static JsonArray Items(JsonNode task) => task["items"]?.AsArray() ?? [];
}
