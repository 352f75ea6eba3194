namespace DsrService.Fulfilment.Plan;

/// <summary>Whether a step can go out now.</summary>
internal static class StepGate
{
    /// <param name="step">The step.</param>
    /// <param name="ended">Keys of the steps that have ended, one way or another.</param>
    /// <param name="usableKinds">Kinds of the identifiers that may be searched with: verified ones, or any given for an
    /// objection to direct marketing.</param>
    public static StepReadiness Ask(PlanStep step, IReadOnlySet<string> ended, IReadOnlySet<string> usableKinds) =>
        !step.DependsOn.All(ended.Contains) ? StepReadiness.Waiting
        : step.Needs.Any(usableKinds.Contains) ? StepReadiness.Ready
        : StepReadiness.NotKnownThere;
}

internal enum StepReadiness
{
    Waiting,
    Ready,
    /// <summary>Every system that could lead there has answered and none knows the person by such an identifier: the
    /// step ends as nothing found, with that reason.</summary>
    NotKnownThere,
}
