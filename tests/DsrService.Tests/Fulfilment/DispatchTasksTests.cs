using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment;

internal sealed class DispatchTasksTests
{
    private FulfilmentBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task RunOnceAsync_BeforeApproval_SendsOnlyWhatLooks()
    {
        var reference = await bench.PlannedAsync(Right.Erasure);

        await bench.AnswerAllWithNothingAsync(reference);

        Assert.That(bench.Sent, Is.Not.Empty);
        Assert.That(bench.Sent.Where(sent => !sent.Task.Preview && sent.Task.Action != TaskAction.Locate), Is.Empty);
    }

    [Test]
    public async Task RunOnceAsync_TwoDispatchersAtOnce_EachAttemptOnce()
    {
        for (var count = 0; count < 5; count++)
            await bench.PlannedAsync(Right.Access);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => bench.DispatchAsync()));

        Assert.That(bench.Sent.GroupBy(sent => (sent.Task.TaskId, sent.Task.Attempt)).Where(group => group.Count() > 1), Is.Empty);
    }

    [Test]
    public async Task RunOnceAsync_NothingHeard_SendsTheSameTaskAgain()
    {
        await bench.PlannedAsync(Right.Erasure);
        await bench.SettleAsync();
        var first = bench.Sent.Select(sent => sent.Task.TaskId).ToHashSet();

        bench.Service.Clock.Advance(TimeSpan.FromMinutes(2));
        await bench.SettleAsync();

        var again = bench.Sent.Where(sent => sent.Task.Attempt == 2).Select(sent => sent.Task.TaskId);
        Assert.That(again, Is.EquivalentTo(first));
    }

    [Test]
    public async Task SendAllAsync_BurstOfManyBatchesAndOneDueBeforeThemAllMeanwhile_SendsEachAndTheOneBeforeTheBurstEnds()
    {
        const int count = 4000;
        var reference = await bench.PlannedAsync(Right.Erasure);
        var tasks = (await bench.TasksAsync(reference)).Where(task => task is { Binding: Binding.Bus, NextAttemptAt: not null }).ToList();
        await CopyAsync(tasks[0].Id, count, TimeSpan.FromSeconds(1));
        var before = await OverTheBusAsync();
        var first = 0;
        bench.Sending = async _ =>
        {
            if (Interlocked.Exchange(ref first, 1) == 0)
                await CopyAsync(tasks[0].Id, count: 1, TimeSpan.FromSeconds(2));
        };

        await bench.Service.Services.GetRequiredService<DispatchTasks>().SendAllAsync(Binding.Bus, CancellationToken.None);

        var sent = bench.Sent.Select(sent => sent.Task.TaskId).ToList();
        var all = await OverTheBusAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent, Is.Unique.And.EquivalentTo(all));
            Assert.That(sent.IndexOf(all.Except(before).Single()), Is.InRange(1, count - 1));
        }
    }

    private Task<List<Guid>> OverTheBusAsync() => bench.Service.InDatabaseAsync(db =>
        db.Set<RequestTask>().Where(task => task.Binding == Binding.Bus && task.NextAttemptAt != null).Select(task => task.Id).ToListAsync());

    /// <summary>The same task once more as many times, due since so long before it, each a microsecond after the other.</summary>
    private Task<int> CopyAsync(Guid task, int count, TimeSpan before) => bench.Service.InDatabaseAsync(db => db.Database.ExecuteSqlAsync($"""
        INSERT INTO dsr.tasks
        SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'next_attempt_at', t.created_at - {before} + n * interval '1 microsecond'))).*
        FROM dsr.tasks t CROSS JOIN generate_series(1, {count}) n WHERE t.id = {task}
        """));

    [Test]
    public async Task RunOnceAsync_SecretsOfOneSystemAreOfAnotherKey_TheOthersTasksGoOutAsEver()
    {
        await bench.PlannedAsync(Right.Erasure);
        await bench.Service.InScopeAsync(async services =>
        {
            var (wrapped, key) = services.GetRequiredService<KeyRing>().Wrap("another installation", new byte[32]);
            var db = services.GetRequiredService<DsrDbContext>();
            db.Add(new ConnectedSystem { Controller = TestService.Controller, System = "webshop", TokenHash = [1], SealingKey = wrapped, WebhookSecret = wrapped, KeyId = key });
            return await db.SaveChangesAsync();
        });

        await bench.SettleAsync();

        Assert.That(bench.Sent.Where(sent => sent.Task.System == "webshop").Select(sent => (sent.SealingKey, sent.WebhookSecret)).Distinct(), Is.EqualTo(new[] { ("", "") }));
        Assert.That(bench.Sent.Select(sent => sent.Task.System).Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    public async Task RunOnceAsync_SendingFails_TriesAgainLaterAndShowsWhy()
    {
        var reference = await bench.PlannedAsync(Right.Erasure);
        bench.Results["webshop"] = new SendResult.Failed("connector.timeout");
        await bench.SettleAsync();

        var failed = (await bench.TasksAsync(reference)).First(task => task.System == "webshop" && task.Action == TaskAction.Locate);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failed.State, Is.EqualTo(TaskState.Failed));
            Assert.That(failed.LastError, Is.EqualTo("connector.timeout"));
            Assert.That(failed.NextAttemptAt, Is.GreaterThan(bench.Service.Clock.GetUtcNow()));
        }
        bench.Results.Clear();
        bench.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.SettleAsync();
        Assert.That((await bench.TasksAsync(reference)).First(task => task.Id == failed.Id).State, Is.EqualTo(TaskState.Sent));
    }

    [Test]
    public async Task RunOnceAsync_SystemIsLeftAlone_NoAttemptIsLostAndTheReasonShows()
    {
        var reference = await bench.PlannedAsync(Right.Erasure);
        bench.Results["webshop"] = new SendResult.Postponed("connector.circuit_open", TimeSpan.FromSeconds(30));
        for (var times = 0; times < 3; times++)
        {
            await bench.SettleAsync();
            bench.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var waiting = (await bench.TasksAsync(reference)).First(task => task.System == "webshop" && task is { Action: TaskAction.Locate, Preview: false });
        Assert.That((waiting.State, waiting.Attempt, waiting.LastError), Is.EqualTo((TaskState.Planned, 0, "connector.circuit_open")));
        bench.Results.Clear();
        await bench.SettleAsync();
        var sent = (await bench.TasksAsync(reference)).First(task => task.Id == waiting.Id);
        Assert.That((sent.State, sent.Attempt, sent.LastError), Is.EqualTo((TaskState.Sent, 1, (string?)null)));
    }

    [Test]
    public async Task RunOnceAsync_RequestOnHold_SendsNothing()
    {
        var reference = await bench.PlannedAsync(Right.Access);
        await bench.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().Where(request => request.Reference == reference)
            .ExecuteUpdateAsync(update => update.SetProperty(request => request.OnHold, true)));

        Assert.That(await bench.DispatchAsync(), Is.Zero);
    }

    [Test]
    public async Task RunOnceAsync_MarketingObjection_GoesOutWithoutConfirmationOrApproval()
    {
        var reference = await bench.PlannedAsync(Right.Objection, new IntakeContent
        {
            Requester = new RequesterContent(null, "ada.lind@example.org", Relation.Self),
            Objection = new ObjectionContent(ObjectionContent.DirectMarketing, null),
        }, confirmed: false);

        await bench.SettleAsync();

        Assert.That(bench.Sent.Where(sent => sent.Task is { System: "newsletter", Action: TaskAction.StopProcessing, Preview: false }), Is.Not.Empty);
        Assert.That((await bench.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.InProgress));
    }

    [Test]
    public async Task RunOnceAsync_UnverifiedIdentifier_IsNeverSent()
    {
        var reference = await bench.PlannedAsync(Right.Access);
        await bench.Service.InDatabaseAsync(async db =>
        {
            var request = await db.Set<DataSubjectRequest>().SingleAsync(row => row.Reference == reference);
            await db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id)
                .ExecuteUpdateAsync(update => update.SetProperty(row => row.Verified, false));
            return 0;
        });

        await bench.SettleAsync();

        Assert.That(bench.Sent.SelectMany(sent => sent.Task.Identifiers ?? []), Is.Empty);
    }

    [Test]
    public async Task RunOnceAsync_ErasureWithAccessOfTheSameSubmission_WaitsForTheAccess()
    {
        var submission = Guid.CreateVersion7();
        await bench.PlannedAsync(Right.Access, submission: submission);
        var erasure = await bench.PlannedAsync(Right.Erasure, submission: submission);
        await bench.AnswerAllWithNothingAsync(erasure);
        await bench.ApproveAsync(erasure);

        await bench.SettleAsync();

        Assert.That(bench.Sent.Where(sent => sent.Task is { Action: TaskAction.Erase, Preview: false }), Is.Empty);
    }
}
