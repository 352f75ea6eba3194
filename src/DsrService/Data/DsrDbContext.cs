using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DsrService.Data;

/// <summary>All tables; each entity's mapping stands beside it. Names are the properties' in snake case, enumerations
/// are stored in kebab case as the APIs write them.</summary>
internal sealed class DsrDbContext(DbContextOptions<DsrDbContext> options) : DbContext(options)
{
    public const string Schema = "dsr";

    private List<ILeafRow> leaves = [];

    /// <summary>Adds a row that no other refers to. It is written with the rest and not tracked before: whoever changes it
    /// until then changes what is written.</summary>
    public void AddLeaf(ILeafRow row) => leaves.Add(row);

    public int LeavesToSave => leaves.Count;

    /// <summary>Those added so far, for the caller to save.</summary>
    public IReadOnlyList<ILeafRow> TakeLeaves()
    {
        var taken = leaves;
        leaves = [];
        return taken;
    }

    /// <summary>What was read and added so far counts no more. The pool that contexts come from forgets what is tracked, and knows
    /// nothing of leaves.</summary>
    public void Forget()
    {
        leaves = [];
        ChangeTracker.Clear();
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        AddRange(TakeLeaves());
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DsrDbContext).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
            foreach (var property in entity.GetProperties())
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        foreach (var type in typeof(DsrDbContext).Assembly.GetTypes().Concat(typeof(Sdk.Contracts.TaskAction).Assembly.GetTypes())
                     .Where(type => type.IsEnum && !type.ContainsGenericParameters))
            configurationBuilder.Properties(type).HaveConversion(typeof(KebabConverter<>).MakeGenericType(type));
    }

    private sealed class KebabConverter<T>() : ValueConverter<T, string>(
        value => Sdk.Contracts.DsrJson.Kebab(value),
        text => Read(text)) where T : struct, Enum
    {
        private static T Read(string text) => Sdk.Contracts.DsrJson.TryParseKebab<T>(text, out var value)
            ? value
            : throw new InvalidOperationException($"'{text}' is no {typeof(T).Name}.");
    }
}
