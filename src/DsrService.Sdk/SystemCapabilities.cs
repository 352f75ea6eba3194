using DsrService.Sdk.Contracts;

namespace DsrService.Sdk;

/// <summary>What a connected system declares it can do. Each declared action needs a handler, else the start fails.</summary>
public sealed record SystemCapabilities
{
    /// <summary>The actions it carries out.</summary>
    public required IReadOnlyList<TaskAction> Actions { get; init; }

    /// <summary>Identifier kinds by which it finds a person, such as <c>email</c>; any one of them is enough. Empty if it
    /// needs none.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Identifier kinds it may find and give to other systems in its receipts.</summary>
    public IReadOnlyList<string> Gives { get; init; } = [];

    /// <summary>Whether it can say what an action would do without doing it.</summary>
    public bool CanPreview { get; init; }

    /// <summary>Whether it can be asked afterwards what is still there; needs a handler for <see cref="TaskAction.Verify"/>.</summary>
    /// <value>True by default. Where it is false, the service believes the receipt.</value>
    public bool CanBeAskedAgain { get; init; } = true;

    /// <summary>Whether it hands data over in several parts rather than one.</summary>
    public bool HandsOverByParts { get; init; }

    /// <summary>How long its backups hold what was erased; nought if it has none.</summary>
    public TimeSpan BackupPeriod { get; init; }
}
