using System.Globalization;
using System.Text;
using DsrService.Applicability.Rules;
using DsrService.Connectors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Benchmarks;

/// <summary>A controller with as many systems as wanted, and requests that are confirmed, planned and approved by the same
/// operations as in use.</summary>
internal static class BenchmarkScene
{
    public const string Controller = "benchmark";
    private static readonly StaffCaller Approver = new(Guid.CreateVersion7(), "Benchmark", [new CallerGrant(Controller, StaffRole.Approver)]);

    /// <summary>What the data map says of one system.</summary>
    public sealed record Plan(string Key, Binding Binding, TaskAction Action);

    /// <summary>The folder with the controller's data map.</summary>
    public static async Task<string> WriteDataMapAsync(string folder, Right right, IEnumerable<Plan> systems)
    {
        var maps = Directory.CreateDirectory(Path.Combine(folder, "datamaps")).FullName;
        await File.WriteAllTextAsync(Path.Combine(maps, "benchmark.yaml"), DataMapText(right, [.. systems]));
        return maps;
    }

    /// <summary>Gives a system its credentials.</summary>
    public static async Task<AddSystem.Output> AddSystemAsync(BenchmarkService service, string system, string? address = null)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<AddSystem>().HandleAsync(new(Controller, system, address), CancellationToken.None);
        return result.Value ?? throw new InvalidOperationException(result.Failure!.Code);
    }

    /// <summary>Makes the person who approves.</summary>
    public static async Task AddApproverAsync(BenchmarkService service)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DsrDbContext>();
        db.Add(new StaffMember { Id = Approver.Id, UserName = "benchmark", DisplayName = Approver.DisplayName, SecurityStamp = Guid.CreateVersion7() });
        await db.SaveChangesAsync();
    }

    /// <summary>A request of a person of its own whose tasks are ready to go out; its reference.</summary>
    public static async Task<string> AddRequestAsync(BenchmarkService service, Right right)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var submitted = await scope.ServiceProvider.GetRequiredService<SubmitRequest>().HandleAsync(Controller, new SubmitInput
        {
            Right = right,
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
        return approved.Failed ? throw new InvalidOperationException(approved.Failure.Code) : request.Reference;
    }

    private static string DataMapText(Right right, IReadOnlyList<Plan> systems)
    {
        var text = new StringBuilder($$"""
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
              rights: [{{DsrJson.Kebab(right)}}]
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
        foreach (var (key, binding, action) in systems)
            text.Append(CultureInfo.InvariantCulture, $"""
                  - key: {key}
                    label: {key}
                    binding: {DsrJson.Kebab(binding)}
                    needs: [email]
                    actions: [{DsrJson.Kebab(action)}]

                """);
        text.Append("activities:\n");
        foreach (var (key, _, _) in systems)
            text.Append(CultureInfo.InvariantCulture, $$"""
                  - key: account-{{key}}
                    purpose: Run the account
                    legalBasis: contract
                    reading: ours
                    readingNote: Made for the benchmark
                    system: {{key}}
                    categories: [account]
                    retention: { period: P1Y, from: recorded }
                    source: provided
                    endsOnErasure: true

                """);
        return text.ToString();
    }
}
