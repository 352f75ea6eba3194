using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DsrService.Data;

/// <summary>All tables; each entity's mapping stands beside it. Names are the properties' in snake case, enumerations
/// are stored in kebab case as the APIs write them.</summary>
internal sealed class DsrDbContext(DbContextOptions<DsrDbContext> options) : DbContext(options)
{
    public const string Schema = "dsr";

    /// <summary>Adds a row that refers to no tracked one: nothing around it has to be looked through.</summary>
    public void AddLeaf(ILeafRow row) => Entry((object)row).State = EntityState.Added;

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
