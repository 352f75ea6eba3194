using DsrService.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace DsrService.Data;

/// <summary>One transaction that holds a change of state, its audit entry and its outgoing messages (invariant 1).
/// Nothing is sent inside it; after the commit the dispatchers are woken.</summary>
internal sealed class Work : IAsyncDisposable
{
    private readonly IDbContextTransaction transaction;
    private readonly WorkSignal signal;

    private Work(DsrDbContext db, IDbContextTransaction transaction, WorkSignal signal) =>
        (Db, this.transaction, this.signal) = (db, transaction, signal);

    public DsrDbContext Db { get; }

    public static async Task<Work> BeginAsync(DsrDbContext db, WorkSignal signal, CancellationToken cancel) =>
        new(db, await db.Database.BeginTransactionAsync(cancel), signal);

    /// <summary>The request, its row locked until the end of the transaction; null if there is none.</summary>
    public Task<DataSubjectRequest?> LockAsync(Guid request, CancellationToken cancel) =>
        Db.Set<DataSubjectRequest>().FromSql($"SELECT * FROM dsr.requests WHERE id = {request} FOR UPDATE").SingleOrDefaultAsync(cancel);

    public Task<DataSubjectRequest?> LockAsync(string reference, CancellationToken cancel) =>
        Db.Set<DataSubjectRequest>().FromSql($"SELECT * FROM dsr.requests WHERE reference = {reference} FOR UPDATE").SingleOrDefaultAsync(cancel);

    /// <summary>Only requests of the controllers given exist for the caller.</summary>
    public Task<DataSubjectRequest?> LockAsync(string reference, IReadOnlyCollection<string> controllers, CancellationToken cancel)
    {
        var keys = controllers.ToArray();
        return Db.Set<DataSubjectRequest>()
            .FromSql($"SELECT * FROM dsr.requests WHERE reference = {reference} AND controller = ANY({keys}) FOR UPDATE")
            .SingleOrDefaultAsync(cancel);
    }

    /// <summary>The request of a task, if the task is this system's own.</summary>
    public Task<DataSubjectRequest?> LockForTaskAsync(string controller, string system, Guid task, CancellationToken cancel) =>
        Db.Set<DataSubjectRequest>().FromSql($"""
            SELECT r.* FROM dsr.requests r JOIN dsr.tasks t ON t.request_id = r.id
            WHERE t.id = {task} AND t.controller = {controller} AND t.system = {system} FOR UPDATE OF r
            """).SingleOrDefaultAsync(cancel);

    public async Task CommitAsync(CancellationToken cancel)
    {
        await ManyRows.SaveAsync(Db, cancel);
        await transaction.CommitAsync(cancel);
        // Others may change it from now on.
        Db.Forget();
        signal.Raise();
    }

    /// <summary>Nothing of it is left behind, whatever became of it: the context may serve another after this one.</summary>
    public ValueTask DisposeAsync()
    {
        Db.Forget();
        return transaction.DisposeAsync();
    }
}
