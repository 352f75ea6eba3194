using System.Net;
using DsrService.Data;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Staff;

internal sealed class IssueTokenTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task HandleAsync_NewToken_OnlyItsHashIsKept()
    {
        var token = await IssueAsync("olga", null);
        var rows = await service.InDatabaseAsync(db => db.Set<StaffToken>().ToListAsync());
        Assert.That(rows.Count(row => row.TokenHash.AsSpan().SequenceEqual(Secrets.Hash(token))), Is.EqualTo(1));
        Assert.That(await StatusAsync(token), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task HandleAsync_Lifetime_EndsTheTokenThen()
    {
        var token = await IssueAsync("petra", TimeSpan.FromDays(1));
        service.Clock.Advance(TimeSpan.FromHours(23));
        Assert.That(await StatusAsync(token), Is.EqualTo(HttpStatusCode.OK));
        service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await StatusAsync(token), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private async Task<HttpStatusCode> StatusAsync(string token) =>
        (await service.NewClient(bearer: token).GetAsync(new Uri("/desk/api/v1/requests", UriKind.Relative))).StatusCode;

    private Task<string> IssueAsync(string userName, TimeSpan? lifetime) => service.InScopeAsync(async services =>
    {
        var member = await services.GetRequiredService<AddStaff>().HandleAsync(new(userName, userName, null, [new(TestService.Controller, StaffRole.Agent)]), CancellationToken.None);
        return await services.GetRequiredService<IssueToken>().HandleAsync(member.Value, lifetime, CancellationToken.None);
    });
}
