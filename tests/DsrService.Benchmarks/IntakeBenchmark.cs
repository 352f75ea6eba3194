using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DsrService.Testing;
using Npgsql;

namespace DsrService.Benchmarks;

/// <summary>Accepted requests a second over HTTP, durable, beside the same rows inserted raw; then once more with 100,000
/// open requests in the store.</summary>
internal static class IntakeBenchmark
{
    private const int Clients = 16;
    private const int OpenRequests = 100_000;
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(double scale)
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        var database = await BenchmarkService.NewDatabaseAsync(postgres);
        var folder = Reaper.Folder("benchmark");
        await using var service = await BenchmarkService.StartAsync(database, folder,
            Path.Combine(BenchmarkService.RepositoryFolder(), "deploy", "datamaps"), ("Dsr:Roles:0", "portal"));
        await using var source = NpgsqlDataSource.Create(database);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients }) { BaseAddress = service.Address };

        await RateAsync(TimeSpan.FromSeconds(3 * Math.Max(scale, 0.5)), () => SubmitAsync(http));
        var raw = await RawRows.SampleAsync(source);
        await RateAsync(TimeSpan.FromSeconds(1), () => raw.InsertAsync(source));
        Console.WriteLine($"one intake writes {raw.Count} rows; {Clients} at once");

        var empty = await MeasureAsync(scale, http, source, raw);
        Console.WriteLine(BenchmarkService.Line("intake, empty store", empty.Rate, empty.Raw));

        var fill = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, (int)(OpenRequests * scale) / 50), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (_, _) => await raw.InsertAsync(source, 50));
        await using (var analyse = source.CreateCommand("VACUUM ANALYZE"))
            await analyse.ExecuteNonQueryAsync();
        Console.WriteLine($"{(int)(OpenRequests * scale)} open requests added in {fill.Elapsed.TotalSeconds:0} s");

        var full = await MeasureAsync(scale, http, source, raw);
        Console.WriteLine(BenchmarkService.Line("intake, 100,000 open", full.Rate, full.Raw));
        Console.WriteLine($"with 100,000 open requests: {full.Rate / empty.Rate:0.00} of the rate on an empty store");
        Console.WriteLine(BenchmarkService.Line("intake", empty.Rate, empty.Raw));
    }

    // Turn by turn, so that whatever else the machine does falls on both.
    private static async Task<(double Rate, double Raw)> MeasureAsync(double scale, HttpClient http, NpgsqlDataSource source, RawRows raw)
    {
        var (rates, raws) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < 3; turn++)
        {
            rates.Add(await RateAsync(Each * Math.Max(scale, 0.2) / 3, () => SubmitAsync(http)));
            raws.Add(await RateAsync(Each * Math.Max(scale, 0.2) / 3, () => raw.InsertAsync(source)));
        }
        return (rates.Average(), raws.Average());
    }

    private static async Task<double> RateAsync(TimeSpan time, Func<Task> once)
    {
        var watch = Stopwatch.StartNew();
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
            {
                await once();
                Interlocked.Increment(ref done);
            }
        })));
        return done / watch.Elapsed.TotalSeconds;
    }

    private static async Task SubmitAsync(HttpClient http)
    {
        var email = $"person-{Guid.CreateVersion7():N}@example.org";
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""
            {"right":"erasure","language":"en","country":"SE","requester":{"name":"Ada Lind","email":"{{email}}","relation":"self"},"details":"Please erase my account."}
            """));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.PostAsync("/api/v1/toontrack/requests", content);
        if (answer.StatusCode != HttpStatusCode.Created)
            throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }
}
