using System.Globalization;
using System.Text;
using DsrService.Applicability.Rules;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DsrService.Benchmarks;

/// <summary>Tasks from sent to receipt recorded, ten systems a request, over RabbitMQ, beside a bare publish and reply of
/// messages of the same size over the same broker. Both are warmed up first: what is measured is what lasts.</summary>
internal static class FanoutBenchmark
{
    private const int Systems = 10;
    private const int Requests = 1000;
    private const int WarmUp = 100;
    private const string Controller = "benchmark";

    public static async Task RunAsync(double scale)
    {
        var requests = (int)(Requests * scale);
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        await using var rabbit = await RabbitMqServer.StartAsync();
        var database = await BenchmarkService.NewDatabaseAsync(postgres);
        var folder = Reaper.Folder("benchmark");
        var maps = Directory.CreateDirectory(Path.Combine(folder, "datamaps")).FullName;
        await File.WriteAllTextAsync(Path.Combine(maps, "benchmark.yaml"), DataMapText());

        IReadOnlyList<(string System, AddSystem.Output Secrets)> systems;
        await using (var setUp = await BenchmarkService.StartAsync(database, folder, maps, ("Dsr:Roles:0", "portal")))
        {
            systems = await AddSystemsAsync(setUp);
            await AddApproverAsync(setUp);
            for (var count = 0; count < WarmUp + requests; count++)
                await AddRequestAsync(setUp);
        }
        await rabbit.AddUsersAsync([.. systems.Select(system => new BrokerUser($"{Controller}.{system.System}", "secret", ".*", ".*", ".*"))]);

        var raw = await BareEcho.RunAsync(new Uri(rabbit.Address), (int)(10_000 * Math.Max(scale, 0.3)), Systems);

        using var connected = ConnectedSystems(rabbit, systems);
        await connected.StartAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await using (var hold = source.CreateCommand($"UPDATE dsr.requests SET on_hold = true WHERE id IN (SELECT id FROM dsr.requests ORDER BY received_at DESC LIMIT {requests})"))
            await hold.ExecuteNonQueryAsync();
        await using (await BenchmarkService.StartAsync(database, folder, maps, ("Dsr:Roles:0", "worker"), ("Dsr:Bus", rabbit.Address)))
        {
            await AnsweredAsync(source, WarmUp * Systems);
            await using var release = source.CreateCommand("UPDATE dsr.requests SET on_hold = false WHERE on_hold; NOTIFY dsr_work; SELECT clock_timestamp()");
            var released = (DateTime)(await release.ExecuteScalarAsync())!;
            await AnsweredAsync(source, (WarmUp + requests) * Systems);
            await using var ended = source.CreateCommand("SELECT max(ended_at) FROM dsr.tasks");
            var rate = requests * Systems / ((DateTime)(await ended.ExecuteScalarAsync())! - released).TotalSeconds;
            var again = await CountAsync(source, "SELECT count(*) FROM dsr.tasks WHERE attempt > 1");
            Console.WriteLine($"{again} tasks were sent more than once");
            Console.WriteLine(BenchmarkService.Line("fanout", rate, raw));
        }
        await connected.StopAsync();
    }

    private static Task AnsweredAsync(NpgsqlDataSource source, long tasks) =>
        Eventually.TrueAsync(async () => await CountAsync(source, "SELECT count(*) FROM dsr.tasks WHERE state = 'done'") == tasks, $"{tasks} tasks answered", TimeSpan.FromMinutes(10));

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<IReadOnlyList<(string, AddSystem.Output)>> AddSystemsAsync(BenchmarkService service)
    {
        var added = new List<(string, AddSystem.Output)>();
        for (var at = 0; at < Systems; at++)
        {
            await using var scope = service.Services.CreateAsyncScope();
            var result = await scope.ServiceProvider.GetRequiredService<AddSystem>().HandleAsync(new(Controller, $"system-{at}"), CancellationToken.None);
            added.Add(($"system-{at}", result.Value ?? throw new InvalidOperationException(result.Failure!.Code)));
        }
        return added;
    }

    private static async Task AddApproverAsync(BenchmarkService service)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DsrDbContext>();
        db.Add(new StaffMember { Id = Approver.Id, UserName = "benchmark", DisplayName = Approver.DisplayName, SecurityStamp = Guid.CreateVersion7() });
        await db.SaveChangesAsync();
    }

    private static async Task AddRequestAsync(BenchmarkService service)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var submitted = await services.GetRequiredService<SubmitRequest>().HandleAsync(Controller, new SubmitInput
        {
            Right = Right.Erasure,
            Language = "en",
            Requester = new RequesterInput("Ada Lind", $"person-{Guid.CreateVersion7():N}@example.org", Relation.Self),
        }, Channel.Api, null, CancellationToken.None);
        await using var confirm = service.Services.CreateAsyncScope();
        var db = confirm.ServiceProvider.GetRequiredService<DsrDbContext>();
        await using var work = await Work.BeginAsync(db, confirm.ServiceProvider.GetRequiredService<WorkSignal>(), CancellationToken.None);
        var request = (await work.LockAsync(submitted.Value!.Reference, CancellationToken.None))!;
        request.IdentityConfirmedAt = DateTimeOffset.UnixEpoch;
        foreach (var identifier in db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id))
            identifier.Verified = true;
        await db.SaveChangesAsync();
        await confirm.ServiceProvider.GetRequiredService<PlanRequest>()
            .PlanAsync(work, request, confirm.ServiceProvider.GetRequiredService<RequestKeys>().Open(request), CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        await using var approve = service.Services.CreateAsyncScope();
        var approved = await approve.ServiceProvider.GetRequiredService<ApprovePlan>().HandleAsync(request.Reference, Approver, new Dictionary<string, QuestionAnswer>(), CancellationToken.None);
        if (approved.Failed)
            throw new InvalidOperationException(approved.Failure.Code);
    }

    private static readonly StaffCaller Approver = new(Guid.CreateVersion7(), "Benchmark", [new CallerGrant(Controller, StaffRole.Approver)]);

    private static IHost ConnectedSystems(RabbitMqServer rabbit, IReadOnlyList<(string System, AddSystem.Output Secrets)> systems)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        foreach (var (system, secrets) in systems)
            builder.Services.AddConnectedSystem<ErasingSystem>(Controller, system, described => described
                .Declares(new SystemCapabilities { Actions = [TaskAction.Erase], Needs = ["email"], CanBeAskedAgain = false })
                .On(TaskAction.Erase, _ => ErasingSystem.EraseAsync)
                .ConnectsTo(new ServiceConnection { Address = new("http://127.0.0.1:9"), Token = secrets.Token, SealingKeys = [secrets.SealingKey] })
                .OverRabbitMq(new Uri(rabbit.AddressOf($"{Controller}.{system}", "secret"))));
        return builder.Build();
    }

    private sealed class ErasingSystem
    {
        public static Task<ReceiptDraft> EraseAsync(TaskContext task, CancellationToken cancel) =>
            Task.FromResult(new ReceiptDraft().Erased(task.Scope[0].Category, 1));
    }

    private static string DataMapText()
    {
        var text = new StringBuilder("""
            controller:
              key: benchmark
              name: Benchmark AB
              address: Stockholm, Sweden
              contact: privacy@example.org
              country: SE
              timeZone: Europe/Stockholm
              calendar: SE
              profile: eu
              languages: [en]
              rights: [erasure]
              authority:
                name: Integritetsskyddsmyndigheten (IMY)
                address: Box 8114, 104 20 Stockholm, Sweden
                web: https://www.imy.se
            identifiers:
              - key: email
                label: E-mail address
                format: email
                form: true
            categories:
              - key: account
                label: Account
            systems:

            """);
        for (var at = 0; at < Systems; at++)
            text.Append(CultureInfo.InvariantCulture, $"""
                  - key: system-{at}
                    label: System {at}
                    binding: bus
                    needs: [email]
                    actions: [erase]

                """);
        text.Append("activities:\n");
        for (var at = 0; at < Systems; at++)
            text.Append(CultureInfo.InvariantCulture, $$"""
                  - key: account-{{at}}
                    purpose: Run the account
                    legalBasis: contract
                    reading: ours
                    readingNote: Made for the benchmark
                    system: system-{{at}}
                    categories: [account]
                    retention: { period: P1Y, from: recorded }
                    source: provided
                    endsOnErasure: true

                """);
        return text.ToString();
    }
}
