using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Restrictions;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Data;

internal sealed class ManyRowsTests
{
    private const int Few = 2;
    private const int Many = 60;
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Save_RowsAddedAndChanged_ReadBackAsWritten(int count)
    {
        var tasks = await AddedAsync(count);

        await InWorkAsync(async db =>
        {
            foreach (var task in await db.Set<RequestTask>().Where(task => tasks.Contains(task.Id)).ToListAsync())
            {
                task.State = TaskState.Done;
                task.Outcome = ReceiptOutcome.PartlyRetained;
                task.Messages = [4, 5];
                task.NextAttemptAt = null;
                task.Items = $$"""[{"category": "{{task.Id}}"}]""";
                db.AddLeaf(ReceiptOf(task.Id));
            }
        });

        var read = await ReadAsync(tasks);
        var receipts = await service.InDatabaseAsync(db => db.Set<TaskReceipt>().Where(row => tasks.Contains(row.TaskId)).ToListAsync());
        Assert.Multiple(() =>
        {
            Assert.That(read, Has.Count.EqualTo(count));
            Assert.That(read, Has.All.Matches<RequestTask>(task => task is { State: TaskState.Done, Outcome: ReceiptOutcome.PartlyRetained, NextAttemptAt: null, Messages: [4, 5] }));
            Assert.That(read, Has.All.Matches<RequestTask>(task => task.Items!.Contains(task.Id.ToString(), StringComparison.Ordinal)));
            Assert.That(receipts.Select(row => row.TaskId), Is.EquivalentTo(tasks));
            Assert.That(receipts, Has.All.Matches<TaskReceipt>(row => row is { Verdict: ReceiptVerdict.Late, Body: [9] }));
        });
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Save_ColumnOfAnotherWriter_IsNotWrittenBack(int count)
    {
        var tasks = await AddedAsync(count);

        await InWorkAsync(async db =>
        {
            var rows = await db.Set<RequestTask>().Where(task => tasks.Contains(task.Id)).ToListAsync();
            await db.Set<RequestTask>().Where(task => tasks.Contains(task.Id)).ExecuteUpdateAsync(update => update.SetProperty(task => task.Attempt, 7));
            rows.ForEach(task => task.LastError = "x");
        });

        Assert.That(await ReadAsync(tasks), Has.All.Matches<RequestTask>(task => task is { Attempt: 7, LastError: "x" }));
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Save_OtherColumnsInEachRow_OnlyThoseAreWritten(int count)
    {
        var tasks = await AddedAsync(count);
        var at = service.Clock.GetUtcNow();

        await InWorkAsync(async db =>
        {
            foreach (var task in await db.Set<RequestTask>().Where(task => tasks.Contains(task.Id)).ToListAsync())
                if (tasks.IndexOf(task.Id) % 2 == 0)
                    (task.Outcome, task.EndedAt) = (ReceiptOutcome.Completed, at);
                else
                    task.NextAttemptAt = null;
        });

        var read = (await ReadAsync(tasks)).ToLookup(task => tasks.IndexOf(task.Id) % 2 == 0);
        Assert.That(read[true], Has.Exactly((count + 1) / 2).Items.And.All.Matches<RequestTask>(task => task.Outcome == ReceiptOutcome.Completed && task.EndedAt == at && task.NextAttemptAt != null));
        Assert.That(read[false], Has.Exactly(count / 2).Items.And.All.Matches<RequestTask>(task => task is { Outcome: null, EndedAt: null, NextAttemptAt: null }));
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Save_RowOthersReferToAmongThem_IsThereToo(int count)
    {
        var tasks = await AddedAsync(count);
        var another = NewTask();

        await InWorkAsync(async db =>
        {
            foreach (var task in await db.Set<RequestTask>().Where(task => tasks.Contains(task.Id)).ToListAsync())
                task.ReplacedBy = another.Id;
            db.Add(another);
        });

        Assert.That(await ReadAsync([.. tasks, another.Id]), Has.Count.EqualTo(count + 1).And.All.Matches<RequestTask>(task => task.Id == another.Id || task.ReplacedBy == another.Id));
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Save_Once_NothingIsTrackedAfterwards(int count)
    {
        var tasks = await AddedAsync(count);

        var tracked = await service.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<DsrDbContext>();
            await using var work = await Work.BeginAsync(db, services.GetRequiredService<WorkSignal>(), CancellationToken.None);
            foreach (var task in await db.Set<RequestTask>().Where(task => tasks.Contains(task.Id)).ToListAsync())
                task.LastError = "x";
            await work.CommitAsync(CancellationToken.None);
            return db.ChangeTracker.Entries().Count();
        });

        Assert.That(tracked, Is.Zero);
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Save_OneRowIsRefused_TakesAllBackAndNamesTheConstraint(int count)
    {
        var tasks = await AddedAsync(count);
        var receipt = Guid.CreateVersion7();
        await InWorkAsync(db =>
        {
            db.AddLeaf(ReceiptOf(tasks[0], receipt));
            return Task.CompletedTask;
        });

        var error = Assert.ThrowsAsync<DbUpdateException>(() => InWorkAsync(async db =>
        {
            foreach (var task in await db.Set<RequestTask>().Where(task => tasks.Contains(task.Id)).ToListAsync())
                task.LastError = "x";
            db.AddLeaf(ReceiptOf(tasks[0], receipt));
        }))!;

        var read = await ReadAsync(tasks);
        Assert.Multiple(() =>
        {
            Assert.That(error.IsDuplicate(out var constraint), Is.True);
            Assert.That(constraint, Is.EqualTo("receipts_pkey"));
            Assert.That(read, Has.All.Matches<RequestTask>(task => task.LastError is null));
        });
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Save_ChangedRowIsGone_IsNotPassedOver(int count)
    {
        var tasks = await AddedAsync(count);

        Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => InWorkAsync(async db =>
        {
            var rows = await db.Set<RequestTask>().Where(task => tasks.Contains(task.Id)).ToListAsync();
            await db.Set<RequestTask>().Where(task => task.Id == tasks[0]).ExecuteDeleteAsync();
            rows.ForEach(task => task.LastError = "x");
        }));

        Assert.That(await ReadAsync(tasks), Has.Count.EqualTo(count).And.All.Matches<RequestTask>(task => task.LastError is null));
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Save_LeafChangedSinceItWasAdded_IsWrittenAsItIsNow(int count)
    {
        var states = Enumerable.Range(0, count).Select(_ => NewState()).ToList();
        var ended = service.Clock.GetUtcNow();

        await InWorkAsync(db =>
        {
            states.ForEach(db.AddLeaf);
            states.ForEach(state => state.EndedAt = ended);
            return Task.CompletedTask;
        });

        Assert.That(await ReadAsync(states), Has.Count.EqualTo(count).And.All.Matches<StandingState>(state => state.EndedAt == ended));
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Save_LeavesSavedBefore_AreFollowedAndNotWrittenTwice(int count)
    {
        var states = Enumerable.Range(0, count).Select(_ => NewState()).ToList();
        var later = Enumerable.Range(0, count).Select(_ => NewState()).ToList();
        var ended = service.Clock.GetUtcNow();

        await InWorkAsync(async db =>
        {
            states.ForEach(db.AddLeaf);
            await db.SaveChangesAsync();
            states.ForEach(state => state.EndedAt = ended);
            later.ForEach(db.AddLeaf);
        });

        Assert.That(await ReadAsync(states), Has.Count.EqualTo(count).And.All.Matches<StandingState>(state => state.EndedAt == ended));
        Assert.That(await ReadAsync(later), Has.Count.EqualTo(count).And.All.Matches<StandingState>(state => state.EndedAt == null));
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Forget_LeavesAdded_AreNotWritten(int count)
    {
        var forgotten = Enumerable.Range(0, count).Select(_ => NewState()).ToList();
        var state = NewState();

        await InWorkAsync(db =>
        {
            forgotten.ForEach(db.AddLeaf);
            db.Forget();
            db.AddLeaf(state);
            return Task.CompletedTask;
        });

        Assert.That((await ReadAsync([.. forgotten, state])).Select(row => row.Id), Is.EqualTo(new[] { state.Id }));
    }

    [TestCase(Few)]
    [TestCase(Many)]
    public async Task Dispose_NotCommitted_NextWorkWritesNothingOfIt(int count)
    {
        var tasks = await AddedAsync(count);
        var abandoned = Enumerable.Range(0, count).Select(_ => NewState()).ToList();

        await service.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<DsrDbContext>();
            await using (await Work.BeginAsync(db, services.GetRequiredService<WorkSignal>(), CancellationToken.None))
            {
                (await db.Set<RequestTask>().Where(task => tasks.Contains(task.Id)).ToListAsync()).ForEach(task => task.LastError = "x");
                abandoned.ForEach(db.AddLeaf);
            }
            await using var next = await Work.BeginAsync(db, services.GetRequiredService<WorkSignal>(), CancellationToken.None);
            await next.CommitAsync(CancellationToken.None);
            return true;
        });

        Assert.That(await ReadAsync(abandoned), Is.Empty);
        Assert.That(await ReadAsync(tasks), Has.Count.EqualTo(count).And.All.Matches<RequestTask>(task => task.LastError is null));
    }

    private async Task<List<Guid>> AddedAsync(int count)
    {
        var tasks = Enumerable.Range(0, count).Select(_ => NewTask()).ToList();
        await InWorkAsync(db =>
        {
            db.AddRange(tasks);
            return Task.CompletedTask;
        });
        return tasks.ConvertAll(task => task.Id);
    }

    private Task<List<RequestTask>> ReadAsync(List<Guid> tasks) =>
        service.InDatabaseAsync(db => db.Set<RequestTask>().AsNoTracking().Where(task => tasks.Contains(task.Id)).ToListAsync());

    private Task<List<StandingState>> ReadAsync(List<StandingState> states)
    {
        var ids = states.ConvertAll(state => state.Id);
        return service.InDatabaseAsync(db => db.Set<StandingState>().AsNoTracking().Where(state => ids.Contains(state.Id)).ToListAsync());
    }

    private Task<bool> InWorkAsync(Func<DsrDbContext, Task> change) => service.InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<DsrDbContext>();
        await using var work = await Work.BeginAsync(db, services.GetRequiredService<WorkSignal>(), CancellationToken.None);
        // The request is not there; these tests are about rows and columns.
        await db.Database.ExecuteSqlRawAsync("SET LOCAL session_replication_role = replica");
        await change(db);
        await work.CommitAsync(CancellationToken.None);
        return true;
    });

    private TaskReceipt ReceiptOf(Guid task, Guid? id = null) => new()
    {
        Id = id ?? Guid.CreateVersion7(),
        TaskId = task,
        RequestId = Guid.CreateVersion7(),
        ReceivedAt = service.Clock.GetUtcNow(),
        Body = [9],
        ContentHash = task.ToByteArray(),
        Verdict = ReceiptVerdict.Late,
    };

    private StandingState NewState() => new()
    {
        Id = Guid.CreateVersion7(),
        Controller = "toontrack",
        State = StandingKind.Erasure,
        Kind = "email",
        Hash = Guid.CreateVersion7().ToByteArray(),
        RequestId = Guid.CreateVersion7(),
        Reference = "x",
        Since = service.Clock.GetUtcNow(),
    };

    private RequestTask NewTask() => new()
    {
        Id = Guid.CreateVersion7(),
        RequestId = Guid.CreateVersion7(),
        Controller = "toontrack",
        System = "webshop",
        Binding = Binding.Manual,
        Action = TaskAction.Erase,
        Step = "x",
        Scope = "[]",
        CreatedAt = service.Clock.GetUtcNow(),
        Since = service.Clock.GetUtcNow(),
        NextAttemptAt = service.Clock.GetUtcNow().AddYears(1),
    };
}
