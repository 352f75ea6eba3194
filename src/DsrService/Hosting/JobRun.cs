using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Hosting;

/// <summary>When a job last ran, over all processes.</summary>
internal sealed class JobRun
{
    public required string Name { get; init; }
    public required DateTimeOffset LastRunAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<JobRun>
    {
        public void Configure(EntityTypeBuilder<JobRun> builder) => builder.ToTable("job_runs").HasKey(run => run.Name);
    }
}
