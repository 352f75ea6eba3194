using System.Collections.Concurrent;
using System.Numerics;
using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DsrService.Response;

/// <summary>Builds the packages that are waited for, a few at once. One that fails is tried again after a growing pause and
/// holds up no other.</summary>
internal sealed class BuildPackages(IServiceScopeFactory scopes, NpgsqlDataSource source, WorkSignal signal, TimeProvider time, ILogger<BuildPackages> log) : BackgroundService
{
    private const int AtOnce = 2;
    private const int Batch = 100;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Guid, (int Failures, DateTimeOffset NotBefore)> failed = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Every commit signals; packages are few.
        using var calm = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await calm.WaitForNextTickAsync(stoppingToken))
            {
                var next = signal.Next();
                await TryRunAsync(stoppingToken);
                await WorkSignal.WaitAsync(next, Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; what was being built is built again.
        }
    }

    private async Task TryRunAsync(CancellationToken cancel)
    {
        try
        {
            await RunOnceAsync(cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            log.LogError("Looking for packages to build failed: {Error}", error.GetType().Name);
        }
    }

    /// <summary>Builds what is waited for now.</summary>
    public async Task RunOnceAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        var waiting = await scope.ServiceProvider.GetRequiredService<DsrDbContext>().Set<DataSubjectRequest>()
            .Where(request => request.Status == RequestStatus.InProgress && request.WaitingFor == WaitingReasons.Package)
            .OrderBy(request => request.DueEndAt).Select(request => request.Id).Take(Batch).ToListAsync(cancel);
        await Parallel.ForEachAsync(waiting.Where(request => !failed.TryGetValue(request, out var failure) || failure.NotBefore <= now),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (request, token) => await BuildAsync(request, token));
    }

    private async Task BuildAsync(Guid request, CancellationToken cancel)
    {
        try
        {
            // Only saves two processes the same work; that there is one package is the transaction's doing.
            await using var connection = await source.OpenConnectionAsync(cancel);
            if (!await AskAsync(connection, "pg_try_advisory_lock", request))
                return;
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<BuildPackage>().HandleAsync(request, cancel);
            }
            finally
            {
                await AskAsync(connection, "pg_advisory_unlock", request);
            }
            failed.TryRemove(request, out _);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            var failures = failed.TryGetValue(request, out var former) ? former.Failures + 1 : 1;
            var pause = TimeSpan.FromSeconds(Math.Min(10 * Math.Pow(2, failures), LongestPause.TotalSeconds));
            failed[request] = (failures, time.GetUtcNow() + pause);
            // Its message may quote what was handed over: its kind and place are enough.
            log.LogError("The package of request {Request} could not be built (attempt {Attempt}): {Error} {Place}", request, failures, error.GetType().Name, error.StackTrace);
            if (BitOperations.IsPow2(failures))
                await TryShowAsync(request, failures, error.GetType().Name, cancel);
        }
    }

    private async Task TryShowAsync(Guid request, int failures, string kind, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<BuildPackage>().RecordFailureAsync(request, failures, kind, cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            log.LogError("The failure could not be recorded either: {Error}", error.GetType().Name);
        }
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string function, Guid request)
    {
        await using var command = new NpgsqlCommand($"SELECT {function}(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = $"package:{request:N}" } } };
        return await command.ExecuteScalarAsync(CancellationToken.None) is true;
    }
}
