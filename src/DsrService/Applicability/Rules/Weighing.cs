namespace DsrService.Applicability.Rules;

/// <summary>A decision that only a person may take: the question until it is answered, then what the answer means.</summary>
internal static class Weighing
{
    public static RowDecision Ask(CaseFacts facts, Question question, string reason, RowDecision granted, RowDecision denied) =>
        facts.Answers.TryGetValue(question.Key, out var answer)
            ? answer == QuestionAnswer.Grant ? granted with { Answered = granted.Answered ?? question.Key } : denied with { Answered = question.Key }
            : new RowDecision
            {
                Decision = Decision.Human,
                Article = question.Article,
                Reason = reason,
                Because = $"Only a person may decide this: {question.Text}",
                Question = question,
                Until = denied.Until,
            };
}
