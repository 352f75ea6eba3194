using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DsrService.Benchmarks;

/// <summary>Tasks from sent to receipt recorded, ten systems a request, over RabbitMQ, beside a bare publish and reply of
/// messages of the same size over a broker of its own. Both are warmed up first: what is measured is what lasts.</summary>
internal static class FanoutBenchmark
{
    public const string Raw = "fanout-raw";
    public const string Service = "fanout-service";

    private const int Systems = 10;
    private const int Requests = 10_000;
    private const int VendorRequests = 2_000;
    // So many that the compiler in the background is done with what is called most.
    private const int WarmUp = 4000;
    private const string SilentVendor = "silent-vendor";

    /// <summary>Ten thousand requests beside the bare echo, each in a process of its own: after an echo in the same one the
    /// service is slower by a tenth, and it never begins as an echo.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        // Before and after, so that whatever else the machine does falls on both.
        var before = await ApartAsync(Raw, arguments);
        var rate = await ApartAsync(Service, arguments);
        Console.WriteLine(BenchmarkService.Line("fanout", rate, (before + await ApartAsync(Raw, arguments)) / 2));
    }

    /// <summary>Ends with the rate of the bare echo.</summary>
    public static async Task RunRawAsync(double scale)
    {
        await using var rabbit = await RabbitMqServer.StartAsync();
        Say(await BareEcho.RunAsync(new Uri(rabbit.Address), (int)(20_000 * Math.Max(scale, 0.2)), Systems));
    }

    /// <summary>Ends with the rate of the service and its systems.</summary>
    public static async Task RunServiceAsync(double scale)
    {
        await using var rabbit = await RabbitMqServer.StartAsync();
        Say(await RateAsync(rabbit, (int)(Requests * scale), silentVendor: false));
    }

    private static async Task<double> ApartAsync(string benchmark, string[] arguments)
    {
        await using var apart = TestProcess.Start("dotnet", [typeof(FanoutBenchmark).Assembly.Location, benchmark, .. arguments[1..]]);
        if (await apart.WaitForExitAsync(TimeSpan.FromMinutes(30)) != 0)
            throw new InvalidOperationException($"{benchmark} failed:\n{apart.Output}");
        foreach (var line in apart.Lines)
            Console.WriteLine($"{benchmark}: {line}");
        return double.Parse(apart.Lines[^1], CultureInfo.InvariantCulture);
    }

    private static void Say(double rate) => Console.WriteLine(rate.ToString("0", CultureInfo.InvariantCulture));

    /// <summary>The ten systems with an eleventh that takes each call and never answers it, beside the ten alone.</summary>
    public static async Task RunVendorAsync(double scale)
    {
        var requests = (int)(VendorRequests * scale);
        var (with, without) = (new List<double>(), new List<double>());
        // Turn by turn, so that whatever else the machine does falls on both.
        for (var turn = 0; turn < 2; turn++)
            foreach (var silent in new[] { false, true })
            {
                await using var rabbit = await RabbitMqServer.StartAsync();
                (silent ? with : without).Add(await RateAsync(rabbit, requests, silent));
            }
        Console.WriteLine(BenchmarkService.Line("vendor", with.Average(), without.Average()));
    }

    private static async Task<double> RateAsync(RabbitMqServer rabbit, int requests, bool silentVendor)
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        var database = await BenchmarkService.NewDatabaseAsync(postgres);
        var folder = Reaper.Folder("benchmark");
        var plans = Enumerable.Range(0, Systems).Select(at => new BenchmarkScene.Plan(string.Create(CultureInfo.InvariantCulture, $"system-{at}"), Binding.Bus, TaskAction.Erase)).ToList();
        var maps = await BenchmarkScene.WriteDataMapAsync(folder, Right.Erasure, silentVendor ? [.. plans, new(SilentVendor, Binding.Http, TaskAction.Erase)] : plans);
        using var vendor = new Silence();
        var systems = new List<(string System, AddSystem.Output Secrets)>();
        await using (var setUp = await BenchmarkService.StartAsync(database, folder, maps, ("Dsr:Roles:0", "portal")))
        {
            foreach (var plan in plans)
                systems.Add((plan.Key, await BenchmarkScene.AddSystemAsync(setUp, plan.Key)));
            if (silentVendor)
                await BenchmarkScene.AddSystemAsync(setUp, SilentVendor, vendor.Address);
            await BenchmarkScene.AddApproverAsync(setUp);
            await Parallel.ForEachAsync(Enumerable.Range(0, WarmUp + requests), new ParallelOptions { MaxDegreeOfParallelism = 4 },
                async (_, _) => await BenchmarkScene.AddRequestAsync(setUp, Right.Erasure));
        }
        await rabbit.AddUsersAsync([.. systems.Select(system => new BrokerUser($"{BenchmarkScene.Controller}.{system.System}", "secret", ".*", ".*", ".*"))]);

        using var connected = ConnectedSystems(rabbit, systems);
        await connected.StartAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await using (var hold = source.CreateCommand($"UPDATE dsr.requests SET on_hold = true WHERE id IN (SELECT id FROM dsr.requests ORDER BY id DESC LIMIT {requests}); ANALYZE"))
            await hold.ExecuteNonQueryAsync();
        double rate;
        await using (await BenchmarkService.StartAsync(database, folder, maps, ("Dsr:Roles:0", "worker"), ("Dsr:Bus", rabbit.Address), ("Dsr:PrivateSystems:0", "127.0.0.0/8")))
        {
            await AnsweredAsync(source, WarmUp * Systems);
            await using var release = source.CreateCommand("UPDATE dsr.requests SET on_hold = false WHERE on_hold; NOTIFY dsr_work; SELECT clock_timestamp()");
            var released = (DateTime)(await release.ExecuteScalarAsync())!;
            // One look into an index: counting rows would take its share of the machine.
            await Eventually.TrueAsync(async () => await CountAsync(source, "SELECT count(*) FROM (SELECT 1 FROM dsr.tasks WHERE binding = 'bus' AND next_attempt_at IS NOT NULL ORDER BY next_attempt_at LIMIT 1) waiting") == 0,
                "no task is waited for", TimeSpan.FromMinutes(20));
            await AnsweredAsync(source, (WarmUp + requests) * Systems);
            await using var ended = source.CreateCommand("SELECT max(ended_at) FROM dsr.tasks");
            rate = requests * Systems / ((DateTime)(await ended.ExecuteScalarAsync())! - released).TotalSeconds;
            var again = await CountAsync(source, $"SELECT count(*) FROM dsr.tasks WHERE attempt > 1 AND system <> '{SilentVendor}'");
            Console.WriteLine($"{requests * Systems} tasks, {again} sent more than once{(silentVendor ? $"; the silent vendor was called {vendor.Calls} times" : "")}");
        }
        await connected.StopAsync();
        return rate;
    }

    private static Task AnsweredAsync(NpgsqlDataSource source, long tasks) =>
        Eventually.TrueAsync(async () => await CountAsync(source, "SELECT count(*) FROM dsr.tasks WHERE state = 'done'") == tasks, $"{tasks} tasks answered", TimeSpan.FromMinutes(2));

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static IHost ConnectedSystems(RabbitMqServer rabbit, IReadOnlyList<(string System, AddSystem.Output Secrets)> systems)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        foreach (var (system, secrets) in systems)
            builder.Services.AddConnectedSystem<ErasingSystem>(BenchmarkScene.Controller, system, described => described
                .Declares(new SystemCapabilities { Actions = [TaskAction.Erase], Needs = ["email"], CanBeAskedAgain = false })
                .On(TaskAction.Erase, _ => ErasingSystem.EraseAsync)
                .ConnectsTo(new ServiceConnection { Address = new("http://127.0.0.1:9"), Token = secrets.Token, SealingKeys = [secrets.SealingKey] })
                .OverRabbitMq(new Uri(rabbit.AddressOf($"{BenchmarkScene.Controller}.{system}", "secret")), BareEcho.AtOnce));
        return builder.Build();
    }

    private sealed class ErasingSystem
    {
        public static Task<ReceiptDraft> EraseAsync(TaskContext task, CancellationToken cancel) =>
            Task.FromResult(new ReceiptDraft().Erased(task.Scope[0].Category, 1));
    }

    /// <summary>Takes every connection and never says a word.</summary>
    private sealed class Silence : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly List<Socket> open = [];
        private int calls;

        public Silence()
        {
            listener.Start(512);
            _ = TakeAsync();
        }

        public string Address => $"http://{listener.LocalEndpoint}/tasks";

        public int Calls => calls;

        public void Dispose()
        {
            listener.Dispose();
            open.ForEach(socket => socket.Dispose());
        }

        private async Task TakeAsync()
        {
            try
            {
                while (true)
                {
                    open.Add(await listener.AcceptSocketAsync());
                    Interlocked.Increment(ref calls);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The benchmark has ended.
            }
        }
    }
}
