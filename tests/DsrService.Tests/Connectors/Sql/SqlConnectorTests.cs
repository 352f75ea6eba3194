using DsrService.Connectors;
using DsrService.Connectors.Sql;
using DsrService.Fulfilment;
using DsrService.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.Sql;

/// <summary>What keeps a task from beginning is a code that stays with it, and the log says file, line and reason.</summary>
internal sealed class SqlConnectorTests
{
    private const string System = "product-registration";

    private TestService service = null!;
    private string empty = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        empty = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        service = await TestService.StartAsync(null,
            ("Dsr:Roles:3", "worker"),
            ($"Dsr:Databases:{TestService.Controller}:{System}", empty),
            ($"Dsr:Databases:{TestService.Controller}:service-log", "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=very-secret"),
            ("Dsr:Databases:emastered:behaviour", "Password=very-secret;no connection"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await service.DisposeAsync();
        await (await PostgresServer.SharedAsync()).DropDatabaseAsync(empty);
    }

    [TestCase(TestService.Controller, System, "sql.mapping_unfit")]
    [TestCase(TestService.Controller, "service-log", "sql.unreachable")]
    [TestCase(TestService.Controller, "webshop", "sql.mapping_missing")]
    [TestCase("emastered", "behaviour", "sql.no_database")]
    [TestCase("djmixersoft", "usage", "sql.no_database")]
    public async Task SendAsync_DatabaseThatIsNotReady_FailsWithTheReasonAndBeginsNothing(string controller, string system, string code)
    {
        var outgoing = Outgoing.Task(Binding.Sql);
        var connector = service.Services.GetServices<IConnector>().Single(connector => connector.Binding == Binding.Sql);
        var result = await connector.SendAsync(outgoing with { Task = outgoing.Task with { Controller = controller, System = system } }, CancellationToken.None);

        Assert.That(result, Is.TypeOf<SendResult.Failed>().With.Property("Code").EqualTo(code));
    }

    [Test]
    public async Task FindAsync_DatabaseThatIsNotReady_NamesFileLineAndReasonAndNoSecret()
    {
        var systems = service.Services.GetRequiredService<SqlSystems>();
        var unfit = await systems.FindAsync(TestService.Controller, System, CancellationToken.None);
        var wrong = await systems.FindAsync("emastered", "behaviour", CancellationToken.None);

        Assert.That(unfit.Problems.Select(problem => problem.ToString()), Has.Some.Match(@"^toontrack\.product-registration\.yaml:\d+: there is no table 'demo_toontrack_product_registration\.registration'"));
        Assert.That(wrong.Problems.Select(problem => problem.Message), Has.None.Contain("very-secret"));
    }
}
