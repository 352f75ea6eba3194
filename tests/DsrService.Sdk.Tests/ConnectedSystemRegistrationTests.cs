using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Sdk.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class ConnectedSystemRegistrationTests
{
    private static readonly SystemCapabilities Erasing = new() { Actions = [TaskAction.Erase], CanBeAskedAgain = false };

    [Test]
    public void AddConnectedSystem_DeclaredActionWithoutHandler_Refused() =>
        Refused("webshop", system => system.Declares(Erasing with { Actions = [TaskAction.Erase, TaskAction.LiftRestriction] }),
            "declares 'lift-restriction' and has no handler for it");

    [Test]
    public void AddConnectedSystem_HandlerNotDeclared_Refused() =>
        Refused("webshop", system => system.Declares(Erasing).On(TaskAction.Access, stub => stub.HandleAsync),
            "has a handler for 'access' and does not declare it");

    [Test]
    public void AddConnectedSystem_AskedAgainWithoutVerify_Refused() =>
        Refused("webshop", system => system.Declares(Erasing with { CanBeAskedAgain = true }), "no handler for 'verify'");

    [Test]
    public void AddConnectedSystem_NothingDeclared_Refused() => Refused("webshop", _ => { }, "declares nothing");

    [Test]
    public void AddConnectedSystem_HandlerTwice_Refused() =>
        Refused("webshop", system => system.Declares(Erasing).On(TaskAction.Erase, stub => stub.HandleAsync), "two handlers for 'erase'");

    [Test]
    public void AddConnectedSystem_OddKey_Refused() => Refused("web.shop", system => system.Declares(Erasing), "lower-case letters");

    [Test]
    public void AddConnectedSystem_SameSystemTwice_Refused()
    {
        ServiceCollection services = new();
        Add(services, "webshop", system => system.Declares(Erasing));

        var refusal = Assert.Throws<InvalidOperationException>(() => Add(services, "webshop", system => system.Declares(Erasing)));

        Assert.That(refusal.Message, Does.Contain("registered twice"));
    }

    private static void Refused(string key, Action<ConnectedSystemBuilder<StubSystem>> describe, string why)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Add(new ServiceCollection(), key, describe));
        Assert.That(refusal.Message, Does.Contain(why));
    }

    private static void Add(ServiceCollection services, string key, Action<ConnectedSystemBuilder<StubSystem>> describe) =>
        services.AddConnectedSystem<StubSystem>(StubSystem.Controller, key, system =>
        {
            system.ConnectsTo(StubSystem.Connection).On(TaskAction.Erase, stub => stub.HandleAsync);
            describe(system);
        });
}
