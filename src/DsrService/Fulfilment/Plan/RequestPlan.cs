using DsrService.Applicability.Rules;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment.Plan;

/// <summary>What will be done for one request: per system and category what the law gives, the steps to take, who is
/// told. Made by the planner from the data map; holds no personal data and is stored as JSON.</summary>
internal sealed record RequestPlan
{
    public required Right Right { get; init; }
    public required IReadOnlyList<PlanRow> Rows { get; init; }
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>Systems that hold data the right reaches, but that cannot be asked.</summary>
    public IReadOnlyList<UnreachableSystem> Unreachable { get; init; } = [];

    /// <summary>Art. 19</summary>
    public IReadOnlyList<RecipientNotice> Notices { get; init; } = [];
    public required IReadOnlyList<CoverageRow> Coverage { get; init; }

    /// <summary>Only for a rectification.</summary>
    public IReadOnlyList<FieldDecision> Fields { get; init; } = [];

    /// <summary>Open questions; the plan cannot be approved while there is one.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>Purposes for which the person's contact identifiers go on the suppression list.</summary>
    public IReadOnlyList<Suppression> Suppressions { get; init; } = [];

    /// <summary>True where nobody needs to approve it: an objection to direct marketing acts at once.</summary>
    public bool ApprovedByPolicy { get; init; }

    /// <summary>Whether the request can end as fulfilled or partly fulfilled without a person setting something aside.</summary>
    public bool Covered => Coverage.All(row => row.State != CoverageState.Uncovered);
}

/// <summary>What the law gives for one category at one system.</summary>
internal sealed record PlanRow
{
    public required string System { get; init; }
    public required string Category { get; init; }
    public required Decision Decision { get; init; }
    public required string Article { get; init; }
    public required string Reason { get; init; }

    /// <summary>In English, for the agent: which rule spoke.</summary>
    public required string Because { get; init; }
    public string? LegalBasis { get; init; }

    /// <summary>The last day on which anything of it may be kept.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Key of one of <see cref="RequestPlan.Questions"/>.</summary>
    public string? Question { get; init; }

    /// <summary>Key of the question whose answer decided it.</summary>
    public string? Answered { get; init; }

    /// <summary>The activities that spoke, the deciding one first.</summary>
    public required IReadOnlyList<string> Activities { get; init; }
}

/// <summary>What the law gives for one field to be rectified; without names it stands for all that no system holds.</summary>
internal sealed record FieldDecision(string? System, string? Category, string? Field, Decision Decision, string Reason, string? Answered);

/// <summary>A task to create: one action at one system.</summary>
internal sealed record PlanStep
{
    /// <summary>Stable name within the plan, such as <c>erase:webshop</c> or <c>preview:erase:webshop</c>.</summary>
    public required string Key { get; init; }
    public required string System { get; init; }
    public required Binding Binding { get; init; }
    public required TaskAction Action { get; init; }
    public bool Preview { get; init; }
    public required StepPhase Phase { get; init; }

    /// <summary>Steps that must have ended before this one is sent.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>The longest chain of <see cref="DependsOn"/> behind it; 0 where there is none.</summary>
    public int Wave { get; init; }

    /// <summary>Identifier kinds of which the system needs one.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>Kept items are cut down to what their reason needs and used for nothing else.</summary>
    public IReadOnlyList<ScopeItem> Scope { get; init; } = [];

    /// <summary>Fields to correct here; only for a rectification.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>The step whose effect this one asks about.</summary>
    public string? Verifies { get; init; }

    /// <summary>Whether this step must be verified, and not only done, before the request is fulfilled.</summary>
    public bool MustBeVerified { get; init; }

    /// <summary>False for a notice: a recipient that does not answer holds no request open.</summary>
    public bool HoldsRequestOpen { get; init; } = true;
}

internal enum StepPhase
{
    /// <summary>Before approval; changes nothing.</summary>
    Prepare,
    /// <summary>Restriction while a person decides (Art. 18(1)(a), (d)), preservation until an access is answered; needs no approval.</summary>
    Meanwhile,
    /// <summary>After approval.</summary>
    Act,
    /// <summary>After the step it asks about.</summary>
    Verify,
}

/// <summary>A system that no known identifier leads to.</summary>
internal sealed record UnreachableSystem(string System, IReadOnlyList<string> Needs, string Because);

/// <summary>A recipient who must be told (Art. 19).</summary>
internal sealed record RecipientNotice
{
    public required string Recipient { get; init; }
    public required string Name { get; init; }
    public required string Article { get; init; }
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The step by which the recipient is told; null where no system reaches it and <see cref="Contact"/> is written to.</summary>
    public string? Step { get; init; }
    public string? Contact { get; init; }
}

/// <summary>How a category at a system is accounted for.</summary>
internal sealed record CoverageRow
{
    public required string System { get; init; }
    public required string Category { get; init; }
    public required CoverageState State { get; init; }

    /// <summary>The step that covers it.</summary>
    public string? Step { get; init; }

    /// <summary>Why it is exempt or uncovered, as a code.</summary>
    public string? Reason { get; init; }
}

internal enum CoverageState
{
    Covered,
    /// <summary>The right does not reach it, for the reason given.</summary>
    Exempt,
    /// <summary>Nobody will look: the request cannot be fulfilled until a person sets it aside.</summary>
    Uncovered,
}

/// <summary>A purpose from which the person is kept out from now on.</summary>
internal sealed record Suppression(string Purpose, IReadOnlyList<string> IdentifierKinds);
