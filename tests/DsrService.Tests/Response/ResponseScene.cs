using System.Text;
using System.Text.Json;
using DsrService.Applicability.Rules;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Identity;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Response;

/// <summary>Requests of toontrack brought as far as their tasks by the service's own operations, and systems that answer.</summary>
internal sealed class ResponseScene(TestService service) : IAsyncDisposable
{
    public const string Controller = TestService.Controller;
    private int people;

    public TestService Service { get; } = service;

    public StaffCaller Approver { get; private set; } = null!;

    public static async Task<ResponseScene> StartAsync(Action<IServiceCollection>? configure = null, params (string Name, string Value)[] settings)
    {
        var scene = new ResponseScene(await TestService.StartAsync(configure, settings));
        scene.Approver = await scene.StaffAsync("approver", StaffRole.Approver);
        return scene;
    }

    public Task<StaffCaller> StaffAsync(string name, StaffRole role, string controller = Controller) => Service.InDatabaseAsync(async db =>
    {
        var member = new StaffMember { Id = Guid.CreateVersion7(), UserName = name, DisplayName = name, SecurityStamp = Guid.CreateVersion7() };
        db.Add(member);
        db.Add(new StaffGrant { Id = Guid.CreateVersion7(), StaffId = member.Id, Controller = controller, Role = role });
        await db.SaveChangesAsync();
        return new StaffCaller(member.Id, name, [new CallerGrant(controller, role)]);
    });

    /// <summary>A confirmed and approved request of somebody new, its tasks ready to go.</summary>
    public async Task<Seeded> ApprovedAsync(Right right, IntakeContent? intake = null, IReadOnlyDictionary<string, QuestionAnswer>? answers = null)
    {
        var number = Interlocked.Increment(ref people);
        var token = "";
        var email = $"person{number}@example.org";
        var request = await Service.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<DsrDbContext>();
            var map = (await services.GetRequiredService<DataMaps>().CurrentAsync(Controller, default))!;
            var id = Guid.CreateVersion7();
            var (key, wrapped, keyId) = services.GetRequiredService<RequestKeys>().Create(id);
            var now = Service.Clock.GetUtcNow();
            var content = intake ?? new IntakeContent { Requester = new("Ada Lind", email, Relation.Self) };
            var request = new DataSubjectRequest
            {
                Id = id,
                Reference = Secrets.NewReference(2026),
                Submission = Guid.CreateVersion7(),
                Controller = Controller,
                DataMapVersion = map.Version,
                Right = right,
                Language = "en",
                Channel = Channel.Api,
                ReceivedAt = now,
                ReceivedOn = new DateOnly(2026, 3, 2),
                DueOn = new DateOnly(2026, 4, 2),
                DueEndAt = now.AddDays(31),
                InternalTarget = new DateOnly(2026, 4, 2),
                Intake = key.SealJson(RequestFields.Intake(id), content),
                IdentityConfirmedAt = now,
                DataKey = wrapped,
                DataKeyId = keyId,
            };
            await using var work = await Work.BeginAsync(db, services.GetRequiredService<WorkSignal>(), default);
            db.Add(request);
            token = services.GetRequiredService<StatusAccess>().Grant(request);
            var hash = await services.GetRequiredService<IdentifierHashes>().ForAsync(db, Controller, default);
            foreach (var (kind, value) in new[] { ("email", email), ("customer-number", $"C-{number}") })
            {
                var identifier = Guid.CreateVersion7();
                db.Add(new RequestIdentifier
                {
                    Id = identifier,
                    RequestId = id,
                    Controller = Controller,
                    Kind = kind,
                    Value = key.SealText(RequestIdentifier.ValueField(identifier), value),
                    Hash = hash.Identifier(kind, value),
                    Verified = true,
                    Source = "requester",
                });
            }
            await services.GetRequiredService<PlanRequest>().PlanAsync(work, request, key, default);
            await work.CommitAsync(default);
            return request;
        });
        var seeded = new Seeded(this, request.Id, request.Reference, token, email);
        await seeded.AnswerAsync(task => task.Preview || task.Action == TaskAction.Locate, task => Task.FromResult(NothingFound(task)));
        if (request.Status == RequestStatus.Planned)
        {
            var approved = await Service.InScopeAsync(services => services.GetRequiredService<ApprovePlan>()
                .HandleAsync(request.Reference, Approver, answers ?? new Dictionary<string, QuestionAnswer>(), default));
            Assert.That(approved.Failure, Is.Null);
        }
        return seeded;
    }

    /// <summary>An erasure whose systems are done: the account is gone, invoices are kept; the answer waits for review.</summary>
    public async Task<Seeded> ErasedAsync()
    {
        var request = await ApprovedAsync(Right.Erasure);
        await request.AnswerAllAsync(task => Task.FromResult(task is { System: "webshop", Action: TaskAction.Erase, Preview: false }
            ? NothingFound(task) with
            {
                Outcome = ReceiptOutcome.Completed,
                Items =
                [
                    new ReceiptItem { Category = "customer-account", Found = 1, Erased = 1 },
                    new ReceiptItem { Category = "invoices", Found = 3, Retained = 3, Reason = "17-3-b", Until = new DateOnly(2033, 12, 31), Handle = "h-1" },
                ],
            }
            : NothingFound(task)));
        Assert.That((await request.RequestAsync()).Status, Is.EqualTo(RequestStatus.AwaitingDecision));
        return request;
    }

    public static Receipt NothingFound(RequestTask task) => new()
    {
        TaskId = task.Id,
        Outcome = ReceiptOutcome.NothingFound,
        HandledAt = task.CreatedAt,
        Handler = "test/1",
    };

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>One request of the scene.</summary>
internal sealed record Seeded(ResponseScene Scene, Guid Id, string Reference, string AccessToken, string Email)
{
    private TestService Service => Scene.Service;

    public Task<List<RequestTask>> TasksAsync() => Service.InDatabaseAsync(db =>
        db.Set<RequestTask>().AsNoTracking().Where(task => task.RequestId == Id).OrderBy(task => task.Id).ToListAsync());

    public Task<DataSubjectRequest> RequestAsync() => Service.RequestAsync(Reference);

    public async Task<RequestTask> TaskAsync(string system, TaskAction action) =>
        (await TasksAsync()).Single(task => task.System == system && task.Action == action && !task.Preview && task.ReplacedBy is null);

    public Task<Result<ReceiveUpload.Output>> UploadAsync(RequestTask task, string part, string category, string content, string contentType = "application/x-ndjson") =>
        UploadAsync(task, part, category, new MemoryStream(Encoding.UTF8.GetBytes(content)), contentType);

    public Task<Result<ReceiveUpload.Output>> UploadAsync(RequestTask task, string? part, string? category, Stream content, string contentType = "application/x-ndjson") =>
        Service.InScopeAsync(services => services.GetRequiredService<ReceiveUpload>()
            .HandleAsync(task.Controller, task.System, task.Id, part, category, contentType, content, default));

    public async Task ReceiptAsync(Receipt receipt, RequestTask task)
    {
        // As if it had been sent.
        await Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == task.Id && row.Attempt == 0)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Attempt, 1)));
        var recorded = await Service.InScopeAsync(services =>
            services.GetRequiredService<RecordReceipt>().HandleAsync(task.Controller, task.System, receipt, default));
        Assert.That(recorded.Failure, Is.Null);
    }

    /// <summary>Answers the tasks chosen, and those that become free by it, until none is left.</summary>
    public async Task AnswerAsync(Func<RequestTask, bool> which, Func<RequestTask, Task<Receipt>> answer)
    {
        while ((await TasksAsync()).FirstOrDefault(task => which(task) && !task.HasEnded && task.Outcome is null && task.NextAttemptAt is not null) is { } task)
            await ReceiptAsync(await answer(task), task);
    }

    public Task AnswerAllAsync(Func<RequestTask, Task<Receipt>>? answer = null) =>
        AnswerAsync(_ => true, answer ?? (task => Task.FromResult(ResponseScene.NothingFound(task))));

    /// <summary>Uploads the records of one category and says so; everything else finds nothing.</summary>
    public async Task<Receipt> HandOverAsync(RequestTask task, params (string Part, string Category, string ContentType, string Content)[] parts)
    {
        var items = new Dictionary<string, int>();
        foreach (var (part, category, type, content) in parts)
        {
            var uploaded = await UploadAsync(task, part, category, content, type);
            Assert.That(uploaded.Failure, Is.Null);
            items[category] = items.GetValueOrDefault(category) + uploaded.Value!.Records;
        }
        return ResponseScene.NothingFound(task) with
        {
            Outcome = ReceiptOutcome.Completed,
            Items = [.. items.Select(item => new ReceiptItem { Category = item.Key, Found = item.Value, Handed = item.Value })],
        };
    }

    public Task<bool> BuildAsync() => Service.InScopeAsync(services => services.GetRequiredService<BuildPackage>().HandleAsync(Id, default));

    public Task<List<StoredFile>> FilesAsync() => Service.InDatabaseAsync(db =>
        db.Set<StoredFile>().AsNoTracking().Where(file => file.RequestId == Id).OrderBy(file => file.Id).ToListAsync());

    public Task<string> ReadAsync(StoredFile file) => Service.InScopeAsync(async services =>
    {
        using var reader = new StreamReader(services.GetRequiredService<FileStore>().Open(file.Id, services.GetRequiredService<RequestKeys>().Open(await RequestAsync())));
        return await reader.ReadToEndAsync();
    });

    public async Task<List<string>> AuditAsync() => await Service.InDatabaseAsync(db =>
        db.Set<DsrService.Audit.AuditEntry>().AsNoTracking().Where(entry => entry.Chain == Id.ToString()).OrderBy(entry => entry.Sequence).Select(entry => entry.Event).ToListAsync());

    /// <summary>A mail to be sent, its row ready.</summary>
    public Task<Guid> QueueMailAsync(string to) => Service.InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<DsrDbContext>();
        await using var work = await Work.BeginAsync(db, services.GetRequiredService<WorkSignal>(), default);
        var row = (await work.LockAsync(Id, default))!;
        var notice = services.GetRequiredService<NoticeQueue>().Add(db, row, services.GetRequiredService<RequestKeys>().Open(row), NoticeKind.Answer,
            new NoticeContent(to, "Subject", "the text of the mail", null));
        await work.CommitAsync(default);
        return notice.Id;
    });

    public static string Lines(params object[] records) => string.Join('\n', records.Select(record => JsonSerializer.Serialize(record, DsrJson.Options)));
}
