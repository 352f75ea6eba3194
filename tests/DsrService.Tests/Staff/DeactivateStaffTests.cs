using DsrService.Audit;
using DsrService.Hosting;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Staff;

internal sealed class DeactivateStaffTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task HandleAsync_ActiveMember_LosesTokensAndTheStampOfSessions()
    {
        var id = await SignInTests.AddAsync(service, "rita", new CallerGrant(TestService.Controller, StaffRole.Agent));
        await service.InScopeAsync(services => services.GetRequiredService<IssueToken>().HandleAsync(id, null, CancellationToken.None));
        var stamp = await service.InDatabaseAsync(db => db.Set<StaffMember>().Where(row => row.Id == id).Select(row => row.SecurityStamp).SingleAsync());

        Assert.That((await DeactivateAsync(" RITA ")).Value, Is.EqualTo(id));

        var member = await service.InDatabaseAsync(db => db.Set<StaffMember>().SingleAsync(row => row.Id == id));
        using var _ = Assert.EnterMultipleScope();
        Assert.That((member.Active, member.SecurityStamp == stamp), Is.EqualTo((false, false)));
        Assert.That(await service.InDatabaseAsync(db => db.Set<StaffToken>().AnyAsync(token => token.StaffId == id)), Is.False);
        Assert.That(await service.InDatabaseAsync(db => db.Set<AuditEntry>().AnyAsync(entry => entry.Chain == Installation.ChainName && entry.Event == "staff.deactivated")), Is.True);
    }

    [Test]
    public async Task HandleAsync_UnknownName_SaysSo() =>
        Assert.That((await DeactivateAsync("nobody")).Failure!.Code, Is.EqualTo("staff.not_found"));

    private Task<Result<Guid>> DeactivateAsync(string userName) =>
        service.InScopeAsync(services => services.GetRequiredService<DeactivateStaff>().HandleAsync(userName, CancellationToken.None));
}
