using System.Reflection;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Sdk;

/// <summary>Carries out one task and says what became of the data. May be called again with the same task id only when no
/// receipt was stored. Throw <see cref="TaskFailedException"/> to be asked again later; any other exception does the same,
/// without its message.</summary>
public delegate Task<ReceiptDraft> TaskHandler(TaskContext task, CancellationToken cancel);

/// <summary>Acts on a restriction, objection or suppression that has begun or ended. May be called again with the same event;
/// if it throws, it is.</summary>
public delegate Task SubjectStateHandler(SubjectStateChanged change, CancellationToken cancel);

/// <summary>Describes one connected system: what it declares, and the handler for each declared action.</summary>
/// <typeparam name="TSystem">The owner's class with the handlers; one instance a task, from the task's own scope.</typeparam>
public sealed class ConnectedSystemBuilder<TSystem> where TSystem : class
{
    private readonly Dictionary<TaskAction, Func<TSystem, TaskHandler>> handlers = [];
    private Func<TSystem, SubjectStateHandler>? states;
    private SystemCapabilities? capabilities;
    private Func<IServiceProvider, ServiceConnection>? connection;
    private Func<IServiceProvider, TSystem> create = services => services.GetRequiredService<TSystem>();
    private string handledBy = ProgramAndVersion();

    internal ConnectedSystemBuilder(IServiceCollection services, string controller, string system)
    {
        Services = services;
        Controller = controller;
        System = system;
    }

    /// <summary>Where bindings register what they need.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Key of the controller.</summary>
    public string Controller { get; }

    /// <summary>Key of the system within its controller.</summary>
    public string System { get; }

    /// <summary>Declares what the system can do.</summary>
    public ConnectedSystemBuilder<TSystem> Declares(SystemCapabilities declared)
    {
        capabilities = declared;
        return this;
    }

    /// <summary>Names the method that carries out an action, such as <c>On(TaskAction.Erase, shop => shop.EraseAsync)</c>.</summary>
    public ConnectedSystemBuilder<TSystem> On(TaskAction action, Func<TSystem, TaskHandler> handler)
    {
        if (!handlers.TryAdd(action, handler))
            throw Refuse($"has two handlers for '{DsrJson.Kebab(action)}'");
        return this;
    }

    /// <summary>Names the method that hears of restrictions, objections and suppressions that begin or end at the controller,
    /// such as <c>OnStateChange(shop => shop.ObeyAsync)</c>. Only over a bus.</summary>
    public ConnectedSystemBuilder<TSystem> OnStateChange(Func<TSystem, SubjectStateHandler> handler)
    {
        states = states is null ? handler : throw Refuse("has two handlers for changes of state");
        return this;
    }

    /// <summary>How the service is reached and with which secrets.</summary>
    public ConnectedSystemBuilder<TSystem> ConnectsTo(ServiceConnection service) => ConnectsTo(_ => service);

    /// <summary>How the service is reached and with which secrets; asked for every task, so secrets can be
    /// replaced while the program runs.</summary>
    public ConnectedSystemBuilder<TSystem> ConnectsTo(Func<IServiceProvider, ServiceConnection> service)
    {
        connection = service;
        return this;
    }

    /// <summary>Makes the owner's class in a way of its own, such as one class for several systems.</summary>
    public ConnectedSystemBuilder<TSystem> CreatedBy(Func<IServiceProvider, TSystem> factory)
    {
        create = factory;
        return this;
    }

    /// <summary>What receipts say did the work: program and version, never a person's name.</summary>
    /// <value>By default the name and version of the program that runs.</value>
    public ConnectedSystemBuilder<TSystem> HandledBy(string programAndVersion)
    {
        handledBy = programAndVersion;
        return this;
    }

    internal ConnectedSystem Build()
    {
        if (capabilities is null)
            throw Refuse("declares nothing: call Declares");
        if (connection is null)
            throw Refuse("does not say how it reaches the service: call ConnectsTo");
        foreach (var action in capabilities.Actions)
            if (!handlers.ContainsKey(action))
                throw Refuse($"declares '{DsrJson.Kebab(action)}' and has no handler for it");
        foreach (var action in handlers.Keys)
            if (!capabilities.Actions.Contains(action))
                throw Refuse($"has a handler for '{DsrJson.Kebab(action)}' and does not declare it");
        if (capabilities.CanBeAskedAgain && !handlers.ContainsKey(TaskAction.Verify))
            throw Refuse("declares that it can be asked again and has no handler for 'verify'");
        var bound = handlers.ToDictionary(
            pair => pair.Key,
            pair => (Func<IServiceProvider, TaskHandler>)(services => pair.Value(create(services))));
        return new(Controller, System, capabilities, handledBy, connection, bound, states is null ? null : services => states(create(services)));
    }

    private InvalidOperationException Refuse(string why) => new($"The connected system {Controller}/{System} {why}.");

    private static string ProgramAndVersion()
    {
        var program = Assembly.GetEntryAssembly()?.GetName();
        return $"{program?.Name ?? "unknown"} {program?.Version?.ToString(3) ?? "0.0.0"}";
    }
}
