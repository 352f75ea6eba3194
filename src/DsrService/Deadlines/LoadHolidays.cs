using DsrService.Audit;
using DsrService.Data;
using DsrService.Deadlines.Rules;
using DsrService.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;

namespace DsrService.Deadlines;

/// <summary>Takes the yearly file of holidays set by decree into force. One with errors is refused whole and the one accepted
/// last stays in force; without a file only the rules hold.</summary>
internal sealed class LoadHolidays(DsrDbContext db, AuditLog audit, TimeProvider time, IOptions<DsrOptions> options, ILogger<LoadHolidays> log)
{
    public async Task<IReadOnlyList<HolidayFileError>> HandleAsync(CancellationToken cancel)
    {
        var read = new HolidayOverrides([], []);
        if (options.Value.Holidays is { Length: > 0 } path)
        {
            if (!File.Exists(path))
                throw new OptionsValidationException("Dsr:Holidays", typeof(DsrOptions), [$"Dsr:Holidays: there is no file '{path}'."]);
            var text = await File.ReadAllTextAsync(path, cancel);
            read = HolidayOverrides.Read(text, Path.GetFileName(path));
            if (read.Errors.Count == 0)
                await TakeAsync(text, cancel);
            else if (await db.Set<HolidayFile>().AsNoTracking().OrderByDescending(row => row.LoadedAt).ThenByDescending(row => row.Id).FirstOrDefaultAsync(cancel) is { } last)
                read = read with { Days = HolidayOverrides.Read(last.Content, "accepted before").Days };
        }
        foreach (var error in read.Errors)
            log.LogError("Holidays refused: {File}({Line}): {Message}", error.File, error.Line, error.Message);
        HolidayCalendars.PutIntoForce(read.Days);
        return read.Errors;
    }

    // Several processes start at once: one after another.
    private async Task TakeAsync(string text, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var installation = await Installation.LockAsync(db, cancel);
        var last = await db.Set<HolidayFile>().OrderByDescending(row => row.LoadedAt).ThenByDescending(row => row.Id).FirstOrDefaultAsync(cancel);
        if (last?.Content == text)
            return;
        var file = new HolidayFile { Id = Guid.CreateVersion7(), Content = text, LoadedAt = time.GetUtcNow() };
        db.Add(file);
        audit.Record(db, installation, AuditLog.Service, "holidays.taken_into_force", new { file = file.Id });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}

/// <summary>A file of holidays set by decree that was accepted; the newest is in force.</summary>
internal sealed class HolidayFile
{
    public required Guid Id { get; init; }
    public required string Content { get; init; }
    public required DateTimeOffset LoadedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<HolidayFile>
    {
        public void Configure(EntityTypeBuilder<HolidayFile> builder) => builder.ToTable("holiday_files").HasKey(file => file.Id);
    }
}

internal static class DeadlinesFeature
{
    public static IServiceCollection AddDeadlines(this IServiceCollection services) =>
        services.AddScoped<LoadHolidays>().AddHostedService<HolidaysAtStart>();

    // Before the first request is served: its time limit is counted with them.
    private sealed class HolidaysAtStart(IServiceScopeFactory scopes, IOptions<DsrOptions> options) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if (string.IsNullOrEmpty(options.Value.Holidays))
                return;
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LoadHolidays>().HandleAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
