using System.Net;
using System.Text.Json;
using DsrService.Audit;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Fulfilment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Requests.Desk;

/// <summary>The staff API as programs see it, with staff of every role at toontrack and at a controller that is not theirs.</summary>
internal sealed class DeskBench : IAsyncDisposable
{
    public const string Elsewhere = "elsewhere";
    private int members;

    private DeskBench(FulfilmentBench bench) => Bench = bench;

    public FulfilmentBench Bench { get; }

    public TestService Service => Bench.Service;

    public static async Task<DeskBench> StartAsync() => new(await FulfilmentBench.StartAsync());

    /// <summary>A client with the token of a new member of staff.</summary>
    public async Task<HttpClient> ClientAsync(StaffRole role, string controller = TestService.Controller, string? system = null) =>
        (await MemberAsync(role, controller, system)).Client;

    public Task<(HttpClient Client, Guid Id)> MemberAsync(StaffRole role, string controller = TestService.Controller, string? system = null) =>
        MemberAsync(new CallerGrant(controller, role, system));

    public async Task<(HttpClient Client, Guid Id)> MemberAsync(params CallerGrant[] grants)
    {
        var id = Guid.CreateVersion7();
        var name = $"member-{Interlocked.Increment(ref members)}";
        await Service.InDatabaseAsync(async db =>
        {
            db.Add(new StaffMember { Id = id, UserName = name, DisplayName = name, SecurityStamp = Guid.CreateVersion7() });
            db.AddRange(grants.Select(grant => new StaffGrant { Id = Guid.CreateVersion7(), StaffId = id, Controller = grant.Controller, Role = grant.Role, System = grant.System }));
            return await db.SaveChangesAsync();
        });
        var token = await Service.InScopeAsync(services => services.GetRequiredService<IssueToken>().HandleAsync(id, null, CancellationToken.None));
        return (Service.NewClient(bearer: token), id);
    }

    /// <summary>A request of somebody, its plan made, nothing out yet.</summary>
    public Task<string> PlannedAsync(Right right = Right.Access) => Bench.PlannedAsync(right);

    public static string Path(string reference, string? rest = null) => $"/desk/api/v1/requests/{reference}{(rest is null ? "" : "/" + rest)}";

    public static Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> MoveAsync(HttpClient client, string reference, string move, object? body = null) =>
        TestService.PostAsync(client, Path(reference, move), body ?? new { });

    public static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(HttpClient client, string path)
    {
        var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    /// <summary>The events of a request's audit chain, oldest first.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(string reference)
    {
        var chain = (await Service.RequestAsync(reference)).Id.ToString();
        return await Service.InDatabaseAsync(db => db.Set<AuditEntry>().Where(entry => entry.Chain == chain).OrderBy(entry => entry.Sequence).Select(entry => entry.Event).ToListAsync());
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
