using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Connectors;

/// <summary>Emergency stop (invariant 7): nothing more goes out to the system, everything queued is kept, what comes back
/// still counts.</summary>
internal sealed class SystemStop
{
    /// <summary>In place of a system: all systems of the controller, those not yet thought of too.</summary>
    public const string All = "";

    public required string Controller { get; init; }
    public required string System { get; init; }
    public required DateTimeOffset Since { get; init; }
    public Guid? StoppedBy { get; init; }

    /// <summary>As staff put it; nothing personal.</summary>
    public string? Reason { get; init; }

    public bool Holds(string controller, string system) => Controller == controller && (System == All || System == system);

    internal sealed class Mapping : IEntityTypeConfiguration<SystemStop>
    {
        public void Configure(EntityTypeBuilder<SystemStop> builder) =>
            builder.ToTable("system_stops").HasKey(stop => new { stop.Controller, stop.System });
    }
}
