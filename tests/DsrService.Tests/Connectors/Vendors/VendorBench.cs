using DsrService.Connectors.Vendors;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Fulfilment;
using DsrService.Tests.Requests;
using DsrService.Tests.Requests.Desk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.Vendors;

/// <summary>The fulfilment vendor of toontrack, written to by mail.</summary>
internal sealed class VendorBench : IAsyncDisposable
{
    public const string System = "fulfilment-vendor";
    public const string Contact = "privacy@lagerhuset-norr.example";

    private VendorBench(DeskBench desk) => Desk = desk;

    public DeskBench Desk { get; }
    public FulfilmentBench Bench => Desk.Bench;
    public TestService Service => Desk.Service;

    public static async Task<VendorBench> StartAsync()
    {
        var desk = await DeskBench.StartAsync();
        await SeedAsync(desk);
        return new(desk);
    }

    // An officer who can be written to.
    private static async Task SeedAsync(DeskBench desk) => await desk.Service.InScopeAsync(services => services.GetRequiredService<AddStaff>()
        .HandleAsync(new("olof", "Olof", "a password of some length", [new CallerGrant(TestService.Controller, StaffRole.Officer)], "olof@toontrack.example"), CancellationToken.None));

    /// <summary>A request with one item at the vendor.</summary>
    public async Task<RequestTask> ItemAsync(Right right = Right.Erasure, string name = "Ada Lind", string email = "ada.lind@example.org")
    {
        var content = new IntakeContent { Requester = new RequesterContent(name, email, Relation.Self) };
        var reference = await Bench.PlannedAsync(right, content);
        await Bench.AnswerAllWithNothingAsync(reference);
        Assert.That((await Bench.ApproveAsync(reference)).Failure, Is.Null);
        await Bench.AnswerAllWithNothingAsync(reference, task => task.System != System);
        return (await Bench.TasksAsync(reference)).Last(task => task.System == System && task.State == TaskState.Sent);
    }

    public Task RunAsync(double days = 0) => Service.RunJobAsync<WriteToVendors>(TimeSpan.FromDays(days));

    /// <summary>The mails of a kind so far, whichever request they belong to, oldest first.</summary>
    public Task<List<NoticeContent>> MailsAsync(NoticeKind kind = NoticeKind.VendorItems) => Service.InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<DsrDbContext>();
        var rows = await (from notice in db.Set<Notice>().AsNoTracking()
                          join request in db.Set<DataSubjectRequest>().AsNoTracking() on notice.RequestId equals request.Id
                          where notice.Kind == kind
                          orderby notice.Id
                          select new { notice, request }).ToListAsync();
        return rows.ConvertAll(row => services.GetRequiredService<RequestKeys>().Open(row.request).OpenJson<NoticeContent>(Notice.ContentField(row.notice.Id), row.notice.Content));
    });

    /// <summary>The token of the newest mail.</summary>
    public async Task<string> TokenAsync() => Links.TokenIn((await MailsAsync())[^1].Text);

    public Task<RequestTask> TaskAsync(Guid id) => Service.InDatabaseAsync(db => db.Set<RequestTask>().AsNoTracking().SingleAsync(task => task.Id == id));

    /// <summary>The data map with another contact, or none, for the vendor's system.</summary>
    public async Task ChangeContactAsync(string? contact)
    {
        var file = await Service.InDatabaseAsync(db => (from controller in db.Set<ControllerOrganisation>()
                                                        join version in db.Set<DataMapVersion>() on controller.DataMapVersion equals version.Id
                                                        where controller.Key == TestService.Controller
                                                        select version.Yaml).SingleAsync());
        var changed = file.Replace($"    vendorContact: {Contact}\n", contact is null ? "" : $"    vendorContact: {contact}\n", StringComparison.Ordinal);
        await Service.InDatabaseAsync(async db =>
        {
            var version = new DataMapVersion { Id = Guid.CreateVersion7(), Controller = TestService.Controller, Hash = Guid.CreateVersion7().ToString("N"), Yaml = changed, LoadedAt = Service.Clock.GetUtcNow() };
            db.Add(version);
            await db.SaveChangesAsync();
            return await db.Set<ControllerOrganisation>().Where(row => row.Key == TestService.Controller).ExecuteUpdateAsync(row => row.SetProperty(one => one.DataMapVersion, version.Id));
        });
        await Service.Services.GetRequiredService<DataMaps>().AllAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Desk.DisposeAsync();
}
