using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DsrService.Tests.Data;

internal sealed class NewRowsTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Insert_EveryKindOfColumn_ReadsBackAsWritten()
    {
        var task = NewTask();
        var answers = await InWorkAsync(db => db.Add(task), "SELECT 7");

        var read = await service.InDatabaseAsync(db => db.Set<RequestTask>().AsNoTracking().SingleAsync(row => row.Id == task.Id));
        Assert.Multiple(() =>
        {
            Assert.That(answers, Is.EqualTo(new[] { 7 }));
            foreach (var property in typeof(RequestTask).GetProperties().Where(property => property.CanWrite))
                Assert.That(property.GetValue(read), Is.EqualTo(property.GetValue(task)), property.Name);
        });
    }

    [Test]
    public void Insert_RowThatIsThere_SaysWhichConstraintAsASaveWould()
    {
        var error = Assert.ThrowsAsync<DbUpdateException>(async () =>
            await InWorkAsync(db => db.Add(new Installation { Id = 1 }), "SELECT 1"))!;

        Assert.Multiple(() =>
        {
            Assert.That(error.IsDuplicate(out var constraint), Is.True);
            Assert.That(constraint, Is.EqualTo("installation_pkey"));
        });
    }

    [Test]
    public void Insert_BesideAChange_IsRefused() =>
        Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await InWorkAsync(db => db.Update(new Installation { Id = 1, ClockOffset = TimeSpan.FromDays(1) }), "SELECT 1"));

    private async Task<IReadOnlyList<int>> InWorkAsync(Action<DsrDbContext> change, string question) => await service.InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<DsrDbContext>();
        await using var work = await Work.BeginAsync(db, services.GetRequiredService<WorkSignal>(), CancellationToken.None);
        change(db);
        // The task's request is not there; this test is about its columns.
        await db.Database.ExecuteSqlRawAsync("SET LOCAL session_replication_role = replica");
        var answers = await NewRows.InsertAsync<int>(db, new NpgsqlBatchCommand(question), CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return answers;
    });

    private RequestTask NewTask() => new()
    {
        Id = Guid.CreateVersion7(),
        RequestId = Guid.CreateVersion7(),
        Controller = "toontrack",
        System = "webshop",
        Binding = Binding.Bus,
        Action = Sdk.Contracts.TaskAction.LiftRestriction,
        Step = "x",
        Scope = "[]",
        CreatedAt = service.Clock.GetUtcNow(),
        Since = service.Clock.GetUtcNow().AddMicroseconds(1),
        SentAt = service.Clock.GetUtcNow(),
        Outcome = Sdk.Contracts.ReceiptOutcome.NothingFound,
        Items = """[{"category": "invoices"}]""",
        Messages = [1, 2, 3],
    };
}
