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

    [Test]
    public Task Queue_DeletedWhileTenErasuresAreInProgress_AllTenEndAndNothingIsDoneTwice() =>
        TenErasuresAsync(() => installation.Broker.ControlAsync("delete_queue", "dsr.toontrack.webshop"));

    [Test]
    public Task Database_CrashedWhileTenErasuresAreInProgress_AllTenEndAndNothingIsDoneTwice() => TenErasuresAsync(async () =>
    {
        await installation.Postgres.CrashAsync();
        await installation.Postgres.StartAgainAsync();
    });

    [Test]
    public Task Clock_JumpsWhileTenErasuresAreInProgress_AllTenEndAndNothingIsDoneTwice() =>
        TenErasuresAsync(async () =>
        {
            using var client = installation.Client();
            await client.AdvanceAsync("P2D");
        });

    private async Task TenErasuresAsync(Func<Task> fault)
    {
        using var client = installation.Client();
        var people = (await client.PeopleAsync()).Skip(next).Take(Requested).ToList();
        next += Requested;
        List<Erasure> erasures = [];
        foreach (var person in people)
            erasures.Add(await Erasure.BeginAsync(client, person));
        foreach (var erasure in erasures)
            await erasure.PreviewedAsync();

        // So slow that the fault meets tasks in hand.
        await client.TellAsync("webshop", "slow");
        foreach (var erasure in erasures)
            Assert.That(await client.MoveAsync(erasure.Reference, "approve"), erasure.Reference);
        await erasures[^1].UntilAsync("webshop", "sent", "accepted");
        await fault();
        await Eventually.TrueAsync(() => client.TryTellAsync("webshop", "normal"), "the service to answer again", Client.Patience);
        // What was in hand is asked for again after a minute or more, by the service's clock.
        await client.AdvanceAsync("PT10M");
        foreach (var erasure in erasures)
            await erasure.EndedWellAsync();
    }
}
