using DsrService.Audit;
using DsrService.Hosting;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Staff;

internal sealed class AddStaffTests
{
    private static readonly CallerGrant[] Agent = [new(TestService.Controller, StaffRole.Agent)];
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task HandleAsync_NewMember_KeepsAHashAndAuditsTheGrants()
    {
        var id = (await AddAsync(new("Kim.A", " Kim Andersson ", "correct horse battery", Agent))).Value;
        var member = await service.InDatabaseAsync(db => db.Set<StaffMember>().SingleAsync(row => row.Id == id));
        var entry = await service.InDatabaseAsync(db => db.Set<AuditEntry>().Where(row => row.Chain == Installation.ChainName && row.Event == "staff.added").OrderByDescending(row => row.Sequence).FirstAsync());
        using var _ = Assert.EnterMultipleScope();
        Assert.That((member.UserName, member.DisplayName, member.Active), Is.EqualTo(("kim.a", "Kim Andersson", true)));
        Assert.That(member.PasswordHash, Is.Not.Empty.And.Not.Contains("horse"));
        Assert.That(entry.Facts, Does.Contain(id.ToString()).And.Contain("\"agent\"").And.Not.Contain("Kim"));
    }

    [TestCase("", "Kim", null, "userName")]
    [TestCase("kim andersson", "Kim", null, "userName")]
    [TestCase("kim", "", null, "displayName")]
    [TestCase("kim", "Kim\nAndersson", null, "displayName")]
    [TestCase("kim", "Kim", "short", "password")]
    public async Task HandleAsync_BadInput_NamesTheField(string userName, string displayName, string? password, string field)
    {
        var failure = (await AddAsync(new(userName, displayName, password, Agent))).Failure;
        Assert.That(failure!.Errors!.Keys, Is.EqualTo([field]));
    }

    [Test]
    public async Task HandleAsync_UnknownController_IsRefused() =>
        Assert.That((await AddAsync(new("lena", "Lena", null, [new("nowhere", StaffRole.Agent)]))).Failure!.Errors!.Keys, Is.EqualTo(["grants"]));

    [TestCase(StaffRole.SystemOwner, null)]
    [TestCase(StaffRole.Agent, "webshop")]
    public async Task HandleAsync_SystemOnlyForItsOwner_IsRefused(StaffRole role, string? system) =>
        Assert.That((await AddAsync(new("maria", "Maria", null, [new(TestService.Controller, role, system)]))).Failure!.Errors!.Keys, Is.EqualTo(["grants"]));

    [Test]
    public async Task HandleAsync_UserNameTaken_IsRefused()
    {
        await AddAsync(new("nina", "Nina", null, Agent));
        Assert.That((await AddAsync(new("NINA", "Another", null, Agent))).Failure!.Code, Is.EqualTo("staff.user_name_taken"));
    }

    private Task<Result<Guid>> AddAsync(AddStaff.Input input) =>
        service.InScopeAsync(services => services.GetRequiredService<AddStaff>().HandleAsync(input, CancellationToken.None));
}
