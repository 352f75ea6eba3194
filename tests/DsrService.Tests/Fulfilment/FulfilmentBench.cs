using System.Collections.Concurrent;
using DsrService.Applicability.Rules;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Connectors.OpenDsr;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment;

/// <summary>A service whose systems are played by the test: what is sent is kept, what they answer is said here.</summary>
internal sealed class FulfilmentBench : IAsyncDisposable
{
    private readonly ScriptedConnector bus = new(Binding.Bus);
    private readonly ScriptedConnector http = new(Binding.Http);
    private readonly ScriptedConnector sql = new(Binding.Sql);
    private readonly ScriptedConnector peers = new(Binding.Opendsr);

    private FulfilmentBench()
    {
    }

    public TestService Service { get; private set; } = null!;

    public StaffCaller Approver { get; private set; } = null!;

    /// <summary>What became of a sending, by system; sent when not set.</summary>
    public ConcurrentDictionary<string, SendResult> Results { get; } = new();

    /// <summary>Runs while a task is being sent.</summary>
    public Func<OutgoingTask, Task>? Sending { get; set; }

    public IReadOnlyList<OutgoingTask> Sent => [.. bus.Sent.Concat(http.Sent).Concat(sql.Sent).Concat(peers.Sent)];

    /// <param name="withPeers">Those that speak OpenDSR are really asked, on loopback.</param>
    /// <param name="settings">Beside those of every test.</param>
    public static async Task<FulfilmentBench> StartAsync(bool withPeers = false, params (string Name, string Value)[] settings)
    {
        var bench = new FulfilmentBench();
        bench.bus.Results = bench.http.Results = bench.sql.Results = bench.peers.Results = bench.Results;
        bench.bus.Sending = bench.http.Sending = bench.sql.Sending = bench.peers.Sending = task => bench.Sending?.Invoke(task) ?? Task.CompletedTask;
        await bench.StartServiceAsync(services =>
        {
            foreach (var other in services.Where(service => service.ServiceType == typeof(IConnector)).ToList())
                services.Remove(other);
            services.AddSingleton<IConnector>(bench.bus);
            services.AddSingleton<IConnector>(bench.http);
            services.AddSingleton<IConnector>(bench.sql);
            if (withPeers)
                services.AddSingleton<IConnector, OpenDsrConnector>();
            else
                services.AddSingleton<IConnector>(bench.peers);
            services.AddSingleton<IConnector>(new WaitingConnector(Binding.Manual));
        }, [.. settings, ("Dsr:PrivateSystems:0", "127.0.0.1")]);
        return bench;
    }

    /// <summary>The same with the service's own connectors and worker: what is sent really goes out.</summary>
    public static async Task<FulfilmentBench> StartConnectedAsync(Action<IServiceCollection> configure, params (string Name, string Value)[] settings)
    {
        var bench = new FulfilmentBench();
        await bench.StartServiceAsync(configure, [.. settings, ("Dsr:Roles:3", "worker")]);
        return bench;
    }

    private async Task StartServiceAsync(Action<IServiceCollection> configure, params (string Name, string Value)[] settings)
    {
        Service = await TestService.StartAsync(configure, settings);
        var staff = new StaffMember { Id = Guid.CreateVersion7(), UserName = "approver", DisplayName = "Approver", SecurityStamp = Guid.CreateVersion7() };
        await Service.InDatabaseAsync(db =>
        {
            db.Add(staff);
            return db.SaveChangesAsync();
        });
        Approver = new StaffCaller(staff.Id, "Approver", [new CallerGrant(TestService.Controller, StaffRole.Approver)]);
    }

    /// <summary>A request whose address is confirmed and whose plan is made.</summary>
    public Task<string> PlannedAsync(Right right, IntakeContent? content = null, bool confirmed = true, Guid? submission = null, string controller = TestService.Controller) => Service.InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<DsrDbContext>();
        var maps = services.GetRequiredService<DataMaps>();
        var now = Service.Clock.GetUtcNow();
        var map = (await maps.CurrentAsync(controller, CancellationToken.None))!;
        var id = Guid.CreateVersion7();
        var (key, wrapped, keyId) = services.GetRequiredService<RequestKeys>().Create(id);
        content ??= new IntakeContent { Requester = new RequesterContent("Ada Lind", "ada.lind@example.org", Relation.Self) };
        await using var work = await Work.BeginAsync(db, services.GetRequiredService<WorkSignal>(), CancellationToken.None);
        var hashes = await services.GetRequiredService<IdentifierHashes>().ForAsync(db, controller, CancellationToken.None);
        var sender = hashes.Identifier("email", content.Requester.Email);
        var request = new DataSubjectRequest
        {
            Id = id,
            SenderHash = sender,
            Reference = Secrets.NewReference(now.Year),
            Submission = submission ?? Guid.CreateVersion7(),
            Controller = controller,
            DataMapVersion = map.Version,
            Right = right,
            Language = "en",
            Channel = Channel.Api,
            ReceivedAt = now,
            ReceivedOn = map.Map.Controller.Today(Service.Clock),
            DueOn = map.Map.Controller.Today(Service.Clock).AddDays(30),
            DueEndAt = now.AddDays(30),
            InternalTarget = map.Map.Controller.Today(Service.Clock).AddDays(30),
            Intake = key.SealJson(RequestFields.Intake(id), content),
            DataKey = wrapped,
            DataKeyId = keyId,
        };
        db.Add(request);
        var identifier = Guid.CreateVersion7();
        db.Add(new RequestIdentifier
        {
            Id = identifier,
            RequestId = id,
            Controller = controller,
            Kind = "email",
            Value = key.SealText(RequestIdentifier.ValueField(identifier), content.Requester.Email),
            Hash = sender,
            Verified = confirmed,
            Source = "requester",
        });
        services.GetRequiredService<AuditLog>().Record(db, request, AuditLog.Person, "request.received");
        if (confirmed)
        {
            request.TryMove(RequestMove.AskIdentity, now);
            request.IdentityConfirmedAt = now;
        }
        await db.SaveChangesAsync();
        await services.GetRequiredService<PlanRequest>().PlanAsync(work, request, key, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return request.Reference;
    });

    public async Task<int> DispatchAsync() => await Service.Services.GetRequiredService<DispatchTasks>().RunOnceAsync(CancellationToken.None);

    /// <summary>Sends until nothing is due.</summary>
    public async Task SettleAsync()
    {
        while (await DispatchAsync() > 0)
        {
        }
    }

    public Task<List<RequestTask>> TasksAsync(string reference) => Service.InDatabaseAsync(async db =>
    {
        var request = await db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(row => row.Reference == reference);
        return await db.Set<RequestTask>().AsNoTracking().Where(task => task.RequestId == request.Id).OrderBy(task => task.Id).ToListAsync();
    });

    public async Task<RequestTask> TaskAsync(string reference, string step) =>
        (await TasksAsync(reference)).Last(task => task.Step == step);

    /// <summary>What stands with a task for the agent.</summary>
    public Task<IReadOnlyList<string>> MessagesAsync(Guid task) => Service.InScopeAsync<IReadOnlyList<string>>(async services =>
    {
        var db = services.GetRequiredService<DsrDbContext>();
        var row = await db.Set<RequestTask>().SingleAsync(row => row.Id == task);
        var request = await db.Set<DataSubjectRequest>().SingleAsync(request => request.Id == row.RequestId);
        return row.Messages is null ? [] : services.GetRequiredService<RequestKeys>().Open(request).OpenJson<List<string>>(TaskFields.Messages(row.Id), row.Messages);
    });

    public Task<Result<TaskOutput>> AnswerAsync(RequestTask task, ReceiptOutcome outcome, params ReceiptItem[] items) =>
        AnswerAsync(task, new Receipt
        {
            TaskId = task.Id,
            Outcome = outcome,
            Items = items,
            Messages = outcome == ReceiptOutcome.Refused ? ["not now"] : [],
            HandledAt = Service.Clock.GetUtcNow(),
            Handler = "test 1.0",
        });

    public Task<Result<TaskOutput>> AnswerAsync(RequestTask task, Receipt receipt) => Service.InScopeAsync(services =>
        services.GetRequiredService<RecordReceipt>().HandleAsync(task.Controller, task.System, receipt, CancellationToken.None));

    /// <summary>Looked at by every system, approved and sent.</summary>
    public async Task<string> InProgressAsync(Right right, IntakeContent? content = null)
    {
        var reference = await PlannedAsync(right, content);
        await AnswerAllWithNothingAsync(reference);
        Assert.That((await ApproveAsync(reference)).Failure, Is.Null);
        await SettleAsync();
        return reference;
    }

    public Task<Result<ApprovalOutput>> ApproveAsync(string reference, StaffCaller? caller = null) => Service.InScopeAsync(services =>
        services.GetRequiredService<ApprovePlan>().HandleAsync(reference, caller ?? Approver, new Dictionary<string, QuestionAnswer>(), CancellationToken.None));

    /// <summary>Answers every task that is out with "nothing found" until no more goes out.</summary>
    public async Task AnswerAllWithNothingAsync(string reference, Func<RequestTask, bool>? which = null)
    {
        while (true)
        {
            await SettleAsync();
            var open = (await TasksAsync(reference)).Where(task => task.State == TaskState.Sent && (which?.Invoke(task) ?? true)).ToList();
            if (open.Count == 0)
                return;
            foreach (var task in open)
            {
                var answered = await AnswerAsync(task, ReceiptOutcome.NothingFound);
                Assert.That(answered.Failure, Is.Null);
            }
        }
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private sealed class ScriptedConnector(Binding binding) : IConnector
    {
        public ConcurrentDictionary<string, SendResult> Results { get; set; } = new();

        public Func<OutgoingTask, Task> Sending { get; set; } = _ => Task.CompletedTask;

        public ConcurrentQueue<OutgoingTask> Sent { get; } = new();

        public Binding Binding => binding;

        public async Task<SendResult> SendAsync(OutgoingTask task, CancellationToken cancel)
        {
            Sent.Enqueue(task);
            await Sending(task);
            return Results.GetValueOrDefault(task.Task.System, new SendResult.Sent());
        }
    }
}
