using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace DsrService.Data;

/// <summary>Saves what a work has changed. Where that is a hundred rows at once, as with the receipts that came together,
/// those that no other row waits for go by statements prepared once a connection: SaveChanges puts its SQL together, and
/// Postgres takes it apart, anew for each.</summary>
internal static class ManyRows
{
    private const int Many = 24;

    public static async Task SaveAsync(DsrDbContext db, CancellationToken cancel)
    {
        db.ChangeTracker.DetectChanges();
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            var entries = db.ChangeTracker.Entries().ToList();
            // What is removed may be what a change lets go of: SaveChanges knows the order.
            var many = entries.Exists(entry => entry.State == EntityState.Deleted) ? [] : entries.FindAll(ByThemselves);
            var commands = many.Count < Many ? [] : many.ConvertAll(CommandFor);
            // A unit of work counts as saved only with its commit: whatever fails before takes all of it back.
            if (commands.Count > 0)
                many.ForEach(entry => entry.State = EntityState.Unchanged);
            await db.SaveChangesAsync(cancel);
            await ExecuteAsync(db, commands, cancel);
        }
        finally
        {
            db.ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }

    // New rows that nothing refers to, and changes of rows that were there.
    private static bool ByThemselves(EntityEntry entry) =>
        entry.State == EntityState.Modified || entry.State == EntityState.Added && entry.Entity is ILeafRow;

    private static NpgsqlBatchCommand CommandFor(EntityEntry entry)
    {
        var statements = RowStatements.Of(entry.Metadata);
        return entry.State == EntityState.Added ? statements.Insert(entry.Entity) : statements.Update(entry);
    }

    private static async Task ExecuteAsync(DsrDbContext db, List<NpgsqlBatchCommand> commands, CancellationToken cancel)
    {
        if (commands.Count == 0)
            return;
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction());
        commands.ForEach(batch.BatchCommands.Add);
        try
        {
            await batch.PrepareAsync(cancel);
            await batch.ExecuteNonQueryAsync(cancel);
            if (commands.Exists(command => command.RecordsAffected != 1))
                throw new DbUpdateConcurrencyException("A row to be changed is not there any more.");
        }
        catch (PostgresException error)
        {
            throw new DbUpdateException("Rows were refused.", error);
        }
    }
}

/// <summary>A row that no other row refers to, so that it may be written last.</summary>
internal interface ILeafRow;
