using DsrService.Data;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace DsrService.Hosting;

/// <summary>A recurring duty. Knows no scheduler; what it must remember is in our tables. Safe to run twice and in
/// several processes at once.</summary>
internal interface IRecurring
{
    /// <summary>Such as <c>remind-of-identity</c>.</summary>
    static abstract string Name { get; }

    static abstract TimeSpan Every { get; }

    Task RunAsync(CancellationToken cancel);
}

/// <summary>The jobs there are.</summary>
internal sealed record JobRegistration(string Name, TimeSpan Every, Func<IServiceProvider, CancellationToken, Task> Run);

/// <summary>Runs jobs that are due by the service's clock. Quartz only wakes it; the demo's clock calls it too.</summary>
internal sealed class JobRunner(IServiceScopeFactory scopes, IEnumerable<JobRegistration> jobs, TimeProvider time, ILogger<JobRunner> log)
{
    /// <summary>Runs every job whose interval has passed since its last run, the longest waiting first.</summary>
    public async Task RunDueAsync(CancellationToken cancel)
    {
        foreach (var job in await DueAsync(cancel))
            await RunAsync(job, cancel);
    }

    /// <summary>When the next job falls due.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel)
    {
        var last = await LastRunsAsync(cancel);
        return jobs.Any() ? jobs.Min(job => last.TryGetValue(job.Name, out var at) ? at + job.Every : time.GetUtcNow()) : null;
    }

    private async Task<IReadOnlyList<JobRegistration>> DueAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var last = await LastRunsAsync(cancel);
        return [.. jobs.Select(job => (Job: job, At: last.TryGetValue(job.Name, out var at) ? at + job.Every : DateTimeOffset.MinValue))
            .Where(due => due.At <= now).OrderBy(due => due.At).Select(due => due.Job)];
    }

    private async Task<Dictionary<string, DateTimeOffset>> LastRunsAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DsrDbContext>();
        return await db.Set<JobRun>().AsNoTracking().ToDictionaryAsync(run => run.Name, run => run.LastRunAt, cancel);
    }

    private async Task RunAsync(JobRegistration job, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await job.Run(scope.ServiceProvider, cancel);
            var db = scope.ServiceProvider.GetRequiredService<DsrDbContext>();
            var now = time.GetUtcNow();
            await db.Database.ExecuteSqlAsync($"INSERT INTO dsr.job_runs VALUES ({job.Name}, {now}) ON CONFLICT (name) DO UPDATE SET last_run_at = {now}", cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // One duty's failure must not stop the others; it stays due.
            log.LogError(error, "Job {Job} failed", job.Name);
        }
    }
}

[DisallowConcurrentExecution]
internal sealed class WakeJobs(JobRunner runner) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await runner.RunDueAsync(cancellationToken);
}

internal static class JobsFeature
{
    public static IServiceCollection AddRecurring<T>(this IServiceCollection services) where T : class, IRecurring
    {
        services.AddScoped<T>();
        services.AddSingleton(new JobRegistration(T.Name, T.Every, (provider, cancel) => provider.GetRequiredService<T>().RunAsync(cancel)));
        return services;
    }

    public static IServiceCollection AddScheduler(this IServiceCollection services)
    {
        services.AddQuartz(quartz =>
        {
            var key = new JobKey("jobs");
            quartz.AddJob<WakeJobs>(job => job.WithIdentity(key));
            quartz.AddTrigger(trigger => trigger.ForJob(key).StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromSeconds(10)).RepeatForever()));
        });
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
        return services;
    }
}
