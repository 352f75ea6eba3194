using DsrService.Requests;

namespace DsrService.Applicability.Rules;

/// <summary>Who writes for another person has to show that they may (Art. 12(6)). Whether a guardian acts in the child's
/// interest, and whether a mandate is genuine, only a human being can say.</summary>
internal static class AuthorityRules
{
    // Marketing stops for whoever asks (Art. 21(3)).
    public static RowDecision Decide(CaseFacts facts, RowDecision decided) => facts.Relation == Relation.Self || decided.Reason == ReasonCode.MarketingStopped ? decided : Weighing.Ask(facts,
        Question(facts.Relation), ReasonCode.AuthorityUnclear, decided, new()
        {
            Decision = Decision.Deny,
            Article = "12(6)",
            Reason = ReasonCode.NoAuthority,
            Because = "A person found no authority to act for whose data it is.",
        });

    /// <summary>Granting it also says that the identifiers given belong to the person.</summary>
    public static bool IsShown(CaseFacts facts) =>
        facts.Relation != Relation.Self && facts.Answers.TryGetValue(ReasonCode.AuthorityUnclear, out var answer) && answer == QuestionAnswer.Grant;

    private static Question Question(Relation relation) => new(ReasonCode.AuthorityUnclear, "12(6)", relation == Relation.Guardian
        ? "The requester writes as guardian. Is the authority shown, do the identifiers given belong to the child or ward, and does it serve that person's interest?"
        : "The requester writes for somebody else. Is the mandate shown and checked with that person, and do the identifiers given belong to that person?");
}
