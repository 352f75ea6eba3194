using System.Net.Http.Json;
using System.Text.Json;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Restrictions;
using DsrService.Sdk.Contracts;
using DsrService.Tests.Connectors;
using DsrService.Tests.Fulfilment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Restrictions;

/// <summary>Systems that ask what holds for a person, and requests that bring it about.</summary>
internal sealed class StateBench : IAsyncDisposable
{
    public const string Address = "ada.lind@example.org";
    private readonly Dictionary<string, (HttpClient Client, string SealingKey)> systems = [];

    private StateBench(FulfilmentBench bench) => Bench = bench;

    public FulfilmentBench Bench { get; }

    public TestService Service => Bench.Service;

    public static async Task<StateBench> StartAsync(params string[] systems)
    {
        var bench = new StateBench(await FulfilmentBench.StartAsync());
        foreach (var system in systems.Length > 0 ? systems : ["toontrack/webshop", "toontrack/newsletter", "soundspectrum/mailing"])
        {
            var added = await bench.Service.InScopeAsync(services => services.GetRequiredService<AddSystem>()
                .HandleAsync(new(system.Split('/')[0], system.Split('/')[1]), CancellationToken.None));
            bench.systems[system] = (bench.Service.NewClient(bearer: added.Value!.Token), added.Value.SealingKey);
        }
        return bench;
    }

    public HttpClient ClientOf(string system) => systems[system].Client;

    public string SealingKeyOf(string system) => systems[system].SealingKey;

    public async Task<string> AskAsync(string value = Address, string system = "toontrack/newsletter", string kind = "email")
    {
        using var response = await ClientOf(system).PostAsJsonAsync("/systems/v1/subjects/check", new { kind, value });
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : await ConnectedBench.SaidAsync(response);
    }

    public static IntakeContent Objecting => new()
    {
        Requester = new("Ada Lind", Address, Relation.Self),
        Objection = new(ObjectionContent.DirectMarketing, null),
    };

    /// <summary>Answers every task that is out: what changes something did so for one record, all else found nothing.</summary>
    public async Task WorkAsync(string reference, Func<RequestTask, bool>? which = null)
    {
        while (true)
        {
            await Bench.SettleAsync();
            var open = (await Bench.TasksAsync(reference)).Where(task => task.State == TaskState.Sent && (which?.Invoke(task) ?? true)).ToList();
            if (open.Count == 0)
                return;
            foreach (var task in open)
            {
                var answered = Done(task) is { } item
                    ? await Bench.AnswerAsync(task, ReceiptOutcome.Completed, item)
                    : await Bench.AnswerAsync(task, ReceiptOutcome.NothingFound);
                Assert.That(answered.Failure?.Errors?.Values.First(), Is.Null);
            }
        }
    }

    public async Task AnswerAsync(string reference)
    {
        var answered = await Service.InScopeAsync(services => services.GetRequiredService<AnswerRequest>().HandleAsync(reference, Bench.Approver, new(), CancellationToken.None));
        Assert.That(answered.Failure?.Code, Is.Null);
    }

    /// <summary>A request that runs through all its systems to the answer.</summary>
    public async Task<string> FulfilledAsync(Right right, IntakeContent? content = null)
    {
        var reference = await Bench.PlannedAsync(right, content);
        await WorkAsync(reference);
        if ((await Service.RequestAsync(reference)).Status == RequestStatus.Planned)
            Assert.That((await Bench.ApproveAsync(reference)).Failure, Is.Null);
        await WorkAsync(reference);
        await AnswerAsync(reference);
        return reference;
    }

    public Task<List<StandingState>> StatesAsync() => Service.InDatabaseAsync(db => db.Set<StandingState>().AsNoTracking().OrderBy(state => state.Id).ToListAsync());

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    private static ReceiptItem? Done(RequestTask task)
    {
        if (task.Preview || task.Verifies is not null)
            return null;
        var category = JsonSerializer.Deserialize<List<ScopeItem>>(task.Scope, DsrJson.Options)!.Find(item => item.Decision == ScopeDecision.Act)?.Category;
        return category is null ? null : task.Action switch
        {
            TaskAction.Erase => new() { Category = category, Found = 1, Erased = 1 },
            TaskAction.Restrict or TaskAction.LiftRestriction => new() { Category = category, Found = 1, Restricted = 1 },
            TaskAction.Rectify => new() { Category = category, Found = 1, Rectified = 1 },
            TaskAction.StopProcessing => new() { Category = category, Found = 1, Stopped = 1 },
            _ => null,
        };
    }
}
