using DsrService.Testing;
using Npgsql;

namespace DsrService.Journeys.Journey;

/// <summary>The service killed exactly between claiming a task, sending it, writing that down, taking the receipt in, and
/// letting the broker know. What holds it at each point is a row or a broker that keeps it waiting, so that the program that
/// is killed is the one that runs in use.</summary>
[Category("Long")]
public sealed class KillPointTests
{
    private const string System = "webshop";
    private const string Claimed = "t.attempt > 0 AND t.state = 'planned'";
    private Installation installation = null!;
    private Client client = null!;
    private int next;

    [OneTimeSetUp]
    public async Task StartInstallation()
    {
        installation = await Installation.StartAsync();
        client = installation.Client();
    }

    [OneTimeTearDown]
    public async Task StopInstallation()
    {
        client?.Dispose();
        if (installation is not null)
            await installation.DisposeAsync();
    }

    [TearDown]
    public async Task ShowWhatTheProcessesSaid()
    {
        installation.ShowIfFailed();
        await installation.Broker.ResumeAsync();
    }

    [Test]
    public async Task Service_KilledBetweenClaimAndSend_TheTaskGoesOutAgain()
    {
        var erasure = await PreviewedAsync();
        await installation.Broker.PauseAsync();
        Assert.That(await client.MoveAsync(erasure.Reference, "approve"));
        await ReachedAsync(erasure, Claimed);

        await installation.KillServiceAsync();
        await installation.Broker.ResumeAsync();

        await EndsWellAsync(erasure);
    }

    [Test]
    public async Task Service_KilledBetweenSendAndItsRecord_TheTaskIsDoneOnce()
    {
        var erasure = await PreviewedAsync();
        await TellAsync("silent");
        await installation.Broker.PauseAsync();
        Assert.That(await client.MoveAsync(erasure.Reference, "approve"));
        await ReachedAsync(erasure, Claimed);
        await using (await HeldAsync(erasure))
        {
            await installation.Broker.ResumeAsync();
            await WaitsForRowAsync("SELECT * FROM dsr.requests WHERE id IN (SELECT request_id FROM dsr.tasks");
            await installation.KillServiceAsync();
        }

        await EndsWellAsync(erasure);
    }

    [Test]
    public async Task Service_KilledBetweenReceiptAndCommit_TheReceiptCountsOnce()
    {
        var erasure = await InHandAsync();
        await using (await HeldAsync(erasure))
        {
            await WaitsForRowAsync("SELECT r.* FROM dsr.requests r");
            await installation.KillServiceAsync();
        }

        await EndsWellAsync(erasure);
    }

    [Test]
    public async Task Service_KilledBetweenCommitAndTheWordToTheBroker_TheReceiptCountsOnce()
    {
        var erasure = await InHandAsync();
        await using (await HeldAsync(erasure))
        {
            await WaitsForRowAsync("SELECT r.* FROM dsr.requests r");
            await installation.Broker.PauseAsync();
        }
        await ReachedAsync(erasure, "t.outcome IS NOT NULL");

        await installation.KillServiceAsync();
        await installation.Broker.ResumeAsync();

        await EndsWellAsync(erasure);
        await ReachedAsync(erasure, "(SELECT count(*) FROM dsr.receipts c WHERE c.task_id = t.id) = 1");
    }

    /// <summary>One that its system has accepted and answers in a moment.</summary>
    private async Task<Erasure> InHandAsync()
    {
        var erasure = await PreviewedAsync();
        await TellAsync("slow");
        Assert.That(await client.MoveAsync(erasure.Reference, "approve"));
        await erasure.UntilAsync(System, "accepted");
        return erasure;
    }

    private async Task<Erasure> PreviewedAsync()
    {
        var person = (await client.PeopleAsync())[next++];
        var erasure = await Erasure.BeginAsync(client, person);
        await erasure.PreviewedAsync();
        return erasure;
    }

    private Task TellAsync(string behaviour) => client.TellAsync(System, behaviour);

    private async Task EndsWellAsync(Erasure erasure)
    {
        await installation.StartServiceAsync();
        await TellAsync("normal");
        // What was in hand is asked for again after a minute or more, by the service's clock.
        await client.AdvanceAsync("PT10M");
        await erasure.EndedWellAsync();
    }

    /// <summary>Keeps whoever wants to write down something of the request waiting, until it is let go.</summary>
    private async Task<IAsyncDisposable> HeldAsync(Erasure erasure)
    {
        var connection = await installation.Store.OpenConnectionAsync();
        await using var begin = new NpgsqlCommand("BEGIN", connection);
        await begin.ExecuteNonQueryAsync();
        await using var hold = new NpgsqlCommand("SELECT id FROM dsr.requests WHERE reference = $1 FOR UPDATE", connection) { Parameters = { new() { Value = erasure.Reference } } };
        await hold.ExecuteNonQueryAsync();
        // Closing it rolls back.
        return connection;
    }

    private Task WaitsForRowAsync(string statement) => TrueInStoreAsync(
        $"SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '{statement.Replace("'", "''", StringComparison.Ordinal)}%')", "the service to wait for the row");

    private Task ReachedAsync(Erasure erasure, string condition) => TrueInStoreAsync($"""
        SELECT EXISTS (SELECT 1 FROM dsr.tasks t JOIN dsr.requests r ON r.id = t.request_id
        WHERE r.reference = '{erasure.Reference}' AND t.system = '{System}' AND t.action = 'erase' AND NOT t.preview AND {condition})
        """, condition);

    private Task TrueInStoreAsync(string question, string what) => Eventually.TrueAsync(async () =>
    {
        await using var command = installation.Store.CreateCommand(question);
        return (bool)(await command.ExecuteScalarAsync())!;
    }, what, Client.Patience);
}
