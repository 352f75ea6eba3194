using System.Text.Json;
using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Demo.Stores;

/// <summary>One task at one store: the transaction it is worked in and the persons it is about. What a task did is noted in
/// the same transaction, without personal data, so that a later verification knows what to look for.</summary>
internal sealed class TaskWork : IAsyncDisposable
{
    private readonly NpgsqlTransaction transaction;

    private TaskWork(DemoStore store, SystemTask task, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (Store, Task, Connection, this.transaction) = (store, task, connection, transaction);

    public DemoStore Store { get; }

    public SystemTask Task { get; }

    public NpgsqlConnection Connection { get; }

    public Guid[] Refs { get; private set; } = [];

    /// <summary>The categories to act on; those not named are left alone.</summary>
    public IEnumerable<StoreCategory> Acted => Store.Categories.Where(category => Scope(category)?.Decision is ScopeDecision.Act);

    public ScopeItem? Scope(StoreCategory category) => Task.Scope.FirstOrDefault(item => item.Category == category.Name);

    public static async Task<TaskWork> Begin(DemoStore store, SystemTask task, CancellationToken cancel)
    {
        var connection = await store.Database.OpenConnectionAsync(cancel);
        var work = new TaskWork(store, task, connection, await connection.BeginTransactionAsync(cancel));
        try
        {
            // The same task may arrive twice at once; the second waits and then finds the work done.
            await work.Run("select pg_advisory_xact_lock(hashtext(@task))", cancel, ("task", task.TaskId.ToString()));
            work.Refs = await FindSubject.Handle(work, cancel);
            return work;
        }
        catch
        {
            await work.DisposeAsync();
            throw;
        }
    }

    public Task<int> Run(string sql, CancellationToken cancel, params (string Name, object Value)[] parameters) =>
        Sql.Run(Connection, sql, cancel, [("refs", Refs), .. parameters]);

    public Task<int> Count(StoreCategory category, string where, CancellationToken cancel) =>
        Sql.Count(Connection, $"select count(*) from {Table(category)} where {where}", cancel, ("refs", Refs));

    public string Table(StoreCategory category) => $"{Store.Schema}.{category.Table}";

    /// <summary>Notes what the task was about.</summary>
    public Task Note(IReadOnlyList<ExpectedValue> expected, CancellationToken cancel) => Run($"""
        insert into {Store.Schema}.worked_task (task_id, action, refs, expected, worked_at)
        values (@task, @action, @refs, @expected, @now) on conflict do nothing
        """, cancel, ("task", Task.TaskId), ("action", DsrJson.Kebab(Task.Action)),
        ("expected", JsonSerializer.Serialize(expected, DsrJson.Options)), ("now", Store.Clock.GetUtcNow()));

    /// <summary>What an earlier task was about, or null if it never came here. Its persons count as this task's too: after an
    /// erasure or a corrected address the identifiers may lead nowhere.</summary>
    public async Task<WorkedTask?> Recall(Guid task, CancellationToken cancel)
    {
        var known = (await Sql.List(Connection, $"select action, refs, expected from {Store.Schema}.worked_task where task_id = @task",
            row => new WorkedTask(row.GetString(0), row.GetFieldValue<Guid[]>(1),
                JsonSerializer.Deserialize<ExpectedValue[]>(row.GetString(2), DsrJson.Options)!), cancel, ("task", task))).SingleOrDefault();
        AddPersons(known?.Refs ?? []);
        return known;
    }

    public void AddPersons(IEnumerable<Guid> refs) => Refs = [.. Refs.Union(refs)];

    public Task Commit(CancellationToken cancel) => transaction.CommitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}

internal sealed record WorkedTask(string ActionName, Guid[] Refs, IReadOnlyList<ExpectedValue> Expected)
{
    public TaskAction Action => DsrJson.TryParseKebab<TaskAction>(ActionName, out var action)
        ? action
        : throw new InvalidOperationException("Not an action.");
}

/// <summary>What a rectified column should hold afterwards, as a digest.</summary>
internal sealed record ExpectedValue(string Category, string Field, string Digest);
