using System.Text;
using System.Xml.Linq;
using DsrService.Data.Sealing;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Data;

/// <summary>A data-protection key, wrapped: open forms and sign-ins outlive a restart and hold in every process.</summary>
internal sealed class DataProtectionKey
{
    public required string Name { get; init; }
    public required byte[] Xml { get; init; }
    public required string KeyId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<DataProtectionKey>
    {
        public void Configure(EntityTypeBuilder<DataProtectionKey> builder) =>
            builder.ToTable("data_protection_keys").HasKey(key => key.Name);
    }
}

internal sealed class DataProtectionKeys(IServiceScopeFactory scopes, KeyRing ring) : IXmlRepository
{
    public const string WrapName = "data-protection";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<DsrDbContext>();
        // A key whose key-encryption key is gone protects nothing any more.
        var known = ring.Ids();
        return [.. db.Set<DataProtectionKey>().AsNoTracking().AsEnumerable().Where(key => known.Contains(key.KeyId))
            .Select(key => XElement.Parse(Encoding.UTF8.GetString(ring.Unwrap(WrapName, key.Xml, key.KeyId))))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<DsrDbContext>();
        var (xml, keyId) = ring.Wrap(WrapName, Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting)));
        db.Add(new DataProtectionKey { Name = friendlyName, Xml = xml, KeyId = keyId });
        db.SaveChanges();
    }
}
