using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>The installation's side of a caller that the data map names: how it shows who it is.</summary>
internal sealed class CallerCredential
{
    public required string Controller { get; init; }
    public required string Caller { get; init; }

    /// <summary>SHA-256 of its bearer token.</summary>
    public required byte[] TokenHash { get; set; }

    /// <summary>Scheme, host and port to which callbacks may go beside the caller's domain, such as of a gateway.</summary>
    public string? CallbackOrigin { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<CallerCredential>
    {
        public void Configure(EntityTypeBuilder<CallerCredential> builder) =>
            builder.ToTable("opendsr_callers").HasKey(credential => new { credential.Controller, credential.Caller });
    }
}
