using System.Text.RegularExpressions;
using DsrService.Sdk.Contracts;

namespace DsrService.Sdk;

/// <summary>A connected system as it was registered.</summary>
public sealed partial class ConnectedSystem
{
    private readonly Func<IServiceProvider, ServiceConnection> connect;
    private readonly Func<IServiceProvider, SubjectStateHandler>? states;
    private readonly IReadOnlyDictionary<TaskAction, Func<IServiceProvider, TaskHandler>> handlers;

    internal ConnectedSystem(
        string controller,
        string system,
        SystemCapabilities capabilities,
        string handledBy,
        Func<IServiceProvider, ServiceConnection> connect,
        IReadOnlyDictionary<TaskAction, Func<IServiceProvider, TaskHandler>> handlers,
        Func<IServiceProvider, SubjectStateHandler>? states)
    {
        if (!Key().IsMatch(controller) || !Key().IsMatch(system))
            throw new InvalidOperationException(
                $"The keys of {controller}/{system} must be lower-case letters, digits and hyphens, at most 60 of them.");
        Controller = controller;
        System = system;
        Capabilities = capabilities;
        HandledBy = handledBy;
        this.connect = connect;
        this.handlers = handlers;
        this.states = states;
    }

    /// <summary>Key of the controller.</summary>
    public string Controller { get; }

    /// <summary>Key of the system within its controller.</summary>
    public string System { get; }

    /// <summary>What it declares.</summary>
    public SystemCapabilities Capabilities { get; }

    /// <summary>What its receipts say did the work.</summary>
    public string HandledBy { get; }

    internal ServiceConnection Connection(IServiceProvider services) => connect(services);

    internal bool HearsOfStates => states is not null;

    internal SubjectStateHandler StateHandler(IServiceProvider services) => states!(services);

    internal TaskHandler? Handler(TaskAction action, IServiceProvider services) =>
        handlers.TryGetValue(action, out var bind) ? bind(services) : null;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,59}$")]
    private static partial Regex Key();
}
