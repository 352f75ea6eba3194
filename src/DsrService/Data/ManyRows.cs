using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace DsrService.Data;

/// <summary>Saves what a work has changed. Where that is a hundred rows at once, as with the receipts that came together,
/// those that no other row waits for go by one statement a table, prepared once a connection: SaveChanges puts its SQL together,
/// and Postgres takes it apart, anew for each row.</summary>
internal static class ManyRows
{
    private const int Many = 24;

    public static async Task SaveAsync(DsrDbContext db, CancellationToken cancel)
    {
        db.ChangeTracker.DetectChanges();
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            var changed = db.ChangeTracker.Entries().Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).ToList();
            var modified = changed.FindAll(entry => entry.State == EntityState.Modified);
            // What is removed may be what a change lets go of: SaveChanges knows the order.
            if (modified.Count + db.LeavesToSave < Many || changed.Exists(entry => entry.State == EntityState.Deleted))
            {
                await db.SaveChangesAsync(cancel);
                return;
            }
            List<Statement> statements = [.. Updates(modified), .. Inserts(db.Model, db.TakeLeaves())];
            // A unit of work counts as saved only with its commit: whatever fails before takes all of it back.
            modified.ForEach(entry => entry.State = EntityState.Unchanged);
            if (modified.Count < changed.Count)
                await db.SaveChangesAsync(cancel);
            await ExecuteAsync(db, statements, cancel);
        }
        finally
        {
            db.ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }

    private static IEnumerable<Statement> Updates(List<EntityEntry> modified) =>
        from table in modified.GroupBy(entry => entry.Metadata)
        let statements = RowStatements.Of(table.Key)
        from alike in table.GroupBy(statements.Changed, SameColumns.Instance)
        select Of(rows => statements.UpdateMany(alike.Key, rows), alike.Select(entry => entry.Entity));

    private static IEnumerable<Statement> Inserts(IModel model, IReadOnlyList<ILeafRow> leaves) =>
        from table in leaves.GroupBy(row => row.GetType())
        select Of(RowStatements.Of(model.FindEntityType(table.Key)!).InsertMany, table);

    private static Statement Of(Func<IReadOnlyList<object>, NpgsqlBatchCommand> make, IEnumerable<object> of)
    {
        List<object> rows = [.. of];
        return new(make(rows), rows.Count);
    }

    private static async Task ExecuteAsync(DsrDbContext db, List<Statement> statements, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction());
        // Planned while a table was small, an update would read all of it ever after.
        batch.BatchCommands.Add(new("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)"));
        statements.ForEach(statement => batch.BatchCommands.Add(statement.Command));
        try
        {
            await batch.PrepareAsync(cancel);
            await batch.ExecuteNonQueryAsync(cancel);
            if (statements.Exists(statement => statement.Command.RecordsAffected != statement.Rows))
                throw new DbUpdateConcurrencyException("A row to be changed is not there any more.");
        }
        catch (PostgresException error)
        {
            throw new DbUpdateException("Rows were refused.", error);
        }
    }

    private sealed record Statement(NpgsqlBatchCommand Command, int Rows);

    private sealed class SameColumns : IEqualityComparer<IReadOnlyList<RowStatements.Column>>
    {
        public static readonly SameColumns Instance = new();

        public bool Equals(IReadOnlyList<RowStatements.Column>? one, IReadOnlyList<RowStatements.Column>? other) => one!.SequenceEqual(other!);

        public int GetHashCode(IReadOnlyList<RowStatements.Column> columns) =>
            columns.Aggregate(0, HashCode.Combine);
    }
}

/// <summary>A row that no other row refers to, so that it need not be tracked and may be written last.</summary>
internal interface ILeafRow;
