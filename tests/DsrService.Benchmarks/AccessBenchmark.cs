using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Npgsql;

namespace DsrService.Benchmarks;

/// <summary>One access with a million rows and one with two gigabytes of files: handed over by HTTP, put together, beside a
/// bare zip-and-encrypt of the same bytes on the same disk; and how much memory that takes.</summary>
internal static class AccessBenchmark
{
    private const string System = "archive";
    private const int Rows = 1_000_000;
    private const int Parts = 10;
    private const long FileLength = 256L << 20;
    private const int Files = 8;

    private sealed record Measured(double Rate, double Raw);

    public static async Task RunAsync(double scale)
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        var database = await BenchmarkService.NewDatabaseAsync(postgres);
        var folder = Reaper.Folder("benchmark");
        var maps = await BenchmarkScene.WriteDataMapAsync(folder, Right.Access, [new(System, Binding.Pull, TaskAction.Access)]);
        await using var service = await BenchmarkService.StartAsync(database, folder, maps);
        await BenchmarkScene.AddApproverAsync(service);
        var secrets = await BenchmarkScene.AddSystemAsync(service, System);
        using var http = new HttpClient { BaseAddress = service.Address, Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secrets.Token);
        await using var source = NpgsqlDataSource.Create(database);

        var rows = await WriteRowsAsync(folder, "rows", (int)(Rows * scale) / Parts);
        var files = WriteFiles(folder, (long)(FileLength * scale));
        var few = await WriteRowsAsync(folder, "few", 20_000);
        // Until the compiler in the background is done: beside the first it has a third of the machine.
        for (var turn = 0; turn < 4; turn++)
            await MeasureAsync("warm-up", few, "application/x-ndjson", service, http, source, folder);
        var ofRows = await MeasureAsync("access, rows", rows, "application/x-ndjson", service, http, source, folder);
        var ofFiles = await MeasureAsync("access, files", files, "application/octet-stream", service, http, source, folder);
        var worse = ofRows.Rate / ofRows.Raw < ofFiles.Rate / ofFiles.Raw ? ofRows : ofFiles;
        Console.WriteLine(BenchmarkService.Line("access", worse.Rate, worse.Raw));
    }

    private static async Task<Measured> MeasureAsync(
        string name, IReadOnlyList<string> parts, string type, BenchmarkService service, HttpClient http, NpgsqlDataSource source, string folder)
    {
        var megabytes = parts.Sum(part => new FileInfo(part).Length) / 1e6;
        var isRows = type == "application/x-ndjson";
        var target = Path.Combine(folder, $"bare-{Guid.CreateVersion7():N}");
        var bare = Stopwatch.StartNew();
        await BareArchive.WriteAsync(target, isRows ? [parts] : parts.Select(part => (IReadOnlyList<string>)[part]), isRows ? CompressionLevel.Optimal : CompressionLevel.Fastest);
        var raw = megabytes / bare.Elapsed.TotalSeconds;
        var length = new FileInfo(target).Length;
        File.Delete(target);

        GC.Collect();
        using var memory = new Watermark();
        var reference = await BenchmarkScene.AddRequestAsync(service, Right.Access);
        var task = await TaskAsync(http, reference);
        var upload = Stopwatch.StartNew();
        foreach (var part in parts)
            await UploadAsync(http, task, part, type);
        var uploaded = megabytes / upload.Elapsed.TotalSeconds;
        var handed = isRows ? await File.ReadLinesAsync(parts[0]).CountAsync() * parts.Count : parts.Count;
        var answeredAt = DateTime.UtcNow;
        using (var answer = await http.PostAsJsonAsync($"/systems/v1/tasks/{task}/receipt", new Receipt
        {
            TaskId = task,
            Outcome = ReceiptOutcome.Completed,
            Items = [new ReceiptItem { Category = "account", Found = handed, Handed = handed }],
            HandledAt = DateTimeOffset.UtcNow,
            Handler = "benchmark",
        }, DsrJson.Options))
            answer.EnsureSuccessStatusCode();
        var builtAt = (DateTime)await Eventually.GetAsync(() => BuiltAtAsync(source, reference), "the package is built", TimeSpan.FromMinutes(20));
        var built = new Measured(megabytes / (builtAt - answeredAt).TotalSeconds, raw);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {megabytes:0} MB ({length / 1e6:0} MB packed), taken in at {uploaded:0} MB/s, memory grew by {memory.Growth / 1e6:0} MB at most"));
        Console.WriteLine(BenchmarkService.Line($"{name}, MB", built.Rate, built.Raw));
        return built;
    }

    private static async Task<Guid> TaskAsync(HttpClient http, string reference)
    {
        Guid? found = null;
        await Eventually.TrueAsync(async () =>
        {
            var tasks = await http.GetFromJsonAsync<List<SystemTask>>("/systems/v1/tasks?state=sent", DsrJson.Options);
            found = tasks!.Find(task => task.Reference == reference)?.TaskId;
            return found is not null;
        }, "the task waits", TimeSpan.FromMinutes(1));
        return found!.Value;
    }

    private static async Task UploadAsync(HttpClient http, Guid task, string part, string type)
    {
        await using var plain = File.OpenRead(part);
        using var content = new StreamContent(plain);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/systems/v1/tasks/{task}/data/{Path.GetFileName(part)}");
        request.Content = content;
        request.Headers.Add("Dsr-Category", "account");
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    // From the record of it, so that how often one looks is no part of the figure.
    private static async Task<object?> BuiltAtAsync(NpgsqlDataSource source, string reference)
    {
        await using var command = source.CreateCommand("""
            SELECT a.at FROM dsr.audit_entries a JOIN dsr.requests r ON r.id::text = a.chain
            WHERE r.reference = $1 AND r.status = 'awaiting-decision' AND a.event = 'package.built'
            """);
        command.Parameters.Add(new() { Value = reference });
        return await command.ExecuteScalarAsync();
    }

    private static async Task<IReadOnlyList<string>> WriteRowsAsync(string folder, string name, int each)
    {
        var parts = new List<string>();
        var random = new Random(1);
        for (var part = 0; part < Parts; part++)
        {
            parts.Add(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{part}.ndjson")));
            await using var writer = new StreamWriter(parts[^1], append: false, new UTF8Encoding(false));
            for (var row = 0; row < each; row++)
                await writer.WriteLineAsync(JsonSerializer.Serialize(new
                {
                    id = part * each + row,
                    at = DateTimeOffset.UnixEpoch.AddSeconds(random.Next(1_500_000_000)),
                    page = $"/products/{random.Next(5000)}",
                    session = random.NextInt64().ToString("x", CultureInfo.InvariantCulture),
                    note = "Opened from the newsletter",
                }));
        }
        return parts;
    }

    // Half of it can be made smaller, as in documents with pictures.
    private static List<string> WriteFiles(string folder, long length)
    {
        var random = new Random(2);
        var block = new byte[1 << 20];
        var files = new List<string>();
        for (var file = 0; file < Files; file++)
        {
            files.Add(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"document-{file}.bin")));
            using var writer = File.Create(files[^1]);
            for (var written = 0L; written < length; written += block.Length)
            {
                random.NextBytes(block.AsSpan(0, block.Length / 2));
                Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"page {written} of document {file}; ")).AsSpan().CopyTo(block.AsSpan(block.Length / 2));
                writer.Write(block);
            }
        }
        return files;
    }

    /// <summary>How far the process has grown above where it stood.</summary>
    private sealed class Watermark : IDisposable
    {
        private readonly CancellationTokenSource end = new();
        private readonly long before = Environment.WorkingSet;
        private long highest;

        public Watermark() => _ = WatchAsync();

        public long Growth => Math.Max(highest, Environment.WorkingSet) - before;

        public void Dispose()
        {
            end.Cancel();
            end.Dispose();
        }

        private async Task WatchAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            var stop = end.Token;
            while (!stop.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
                highest = Math.Max(highest, Environment.WorkingSet);
        }
    }
}
