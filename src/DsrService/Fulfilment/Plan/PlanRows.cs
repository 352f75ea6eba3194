using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Fulfilment.Plan;

/// <summary>The decisions of a plan: one row for each category at each system that the right concerns.</summary>
internal sealed record PlanRows(IReadOnlyList<PlanRow> Rows, IReadOnlyList<Question> Questions, IReadOnlyList<FieldDecision> Fields)
{
    public static PlanRows Decide(ControllerDataMap map, PlanInput input)
    {
        var rows = new List<PlanRow>();
        var questions = new Dictionary<string, Question>(StringComparer.Ordinal);
        foreach (var system in map.Systems)
            foreach (var category in map.CategoriesAt(system.Key))
                if (DecideRow(map, system, category, input) is { } row)
                    rows.Add(Row(system, category, row.Decision, row.Activities, questions));
        if (input.Right == Right.Rectification)
            AskAboutUnknownFields(map, input, questions);
        if (input.Right == Right.Erasure)
            AskAboutPublishedData(map, input, rows, questions);
        return new(rows, [.. questions.Values], input.Right == Right.Rectification ? DecideFields(map, input) : []);
    }

    /// <summary>The fields of a rectification that a system can correct.</summary>
    public static IEnumerable<CorrectableField> FieldsAt(MappedSystem system, PlanInput input) =>
        system.Fields.Where(field => input.CorrectionFields.Contains(field.Field));

    private static (RowDecision Decision, List<string> Activities)? DecideRow(
        ControllerDataMap map, MappedSystem system, DataCategory category, PlanInput input)
    {
        var activities = map.ActivitiesAt(system.Key).Where(activity => activity.Categories.Contains(category.Key)).ToList();
        if (input.Right == Right.Rectification)
        {
            var fields = FieldsAt(system, input).Where(field => field.Category == category.Key)
                .Select(field => RowRules.Decide(field, input)).ToList();
            return fields.Count == 0 ? null
                : (fields.MinBy(decision => decision.Decision switch { Decision.Human => 0, Decision.Grant => 1, Decision.Partial => 2, _ => 3 })!, [.. activities.Select(activity => activity.Key)]);
        }
        var decisions = activities.Select(activity => (activity, RowRules.Decide(activity, map.Controller.FinancialYearEnd, input)))
            .Where(item => item.Item2 is not null).Select(item => (item.activity, item.Item2!)).ToList();
        if (decisions.Count == 0)
            return null;
        var ordered = RowRules.InOrderOfWeight(input.Right, decisions);
        return (ordered[0].Decision, [.. ordered.Select(item => item.Activity.Key)]);
    }

    // Several fields lie in one category, and each has a fate of its own.
    private static List<FieldDecision> DecideFields(ControllerDataMap map, PlanInput input)
    {
        var fields = map.Systems.SelectMany(system => FieldsAt(system, input).Select(field => (system, field, decided: RowRules.Decide(field, input))))
            .Select(item => new FieldDecision(item.system.Key, item.field.Category, item.field.Field, item.decided.Decision, item.decided.Reason, item.decided.Answered)).ToList();
        if (HasUnknownFields(map, input) && input.Answers.TryGetValue(ReasonCode.FieldUnknown, out var answer))
            fields.Add(new(null, null, null, answer == QuestionAnswer.Grant ? Decision.Grant : Decision.Deny,
                answer == QuestionAnswer.Grant ? ReasonCode.Rectify : ReasonCode.FieldUnknown, ReasonCode.FieldUnknown));
        return fields;
    }

    private static bool HasUnknownFields(ControllerDataMap map, PlanInput input)
    {
        var known = map.Systems.SelectMany(system => system.Fields).Select(field => field.Field).ToHashSet();
        return input.CorrectionFields.Count == 0 || input.CorrectionFields.Any(field => !known.Contains(field));
    }

    private static PlanRow Row(
        MappedSystem system, DataCategory category, RowDecision decision, List<string> activities, Dictionary<string, Question> questions)
    {
        if (decision.Question is { } question)
            questions.TryAdd(question.Key, question);
        return new()
        {
            System = system.Key,
            Category = category.Key,
            Decision = decision.Decision,
            Article = decision.Article,
            Reason = decision.Reason,
            Because = decision.Because,
            LegalBasis = decision.LegalBasis,
            Until = decision.Until,
            Question = decision.Question?.Key,
            Answered = decision.Answered,
            Activities = activities,
        };
    }

    // Whoever published it takes reasonable steps to tell others (Art. 17(2)); which ones, only a person can say.
    private static void AskAboutPublishedData(ControllerDataMap map, PlanInput input, List<PlanRow> rows, Dictionary<string, Question> questions)
    {
        foreach (var activity in map.Activities.Where(activity => activity.MadePublic && rows.Exists(row => row.Decision == Decision.Grant && row.Activities.Contains(activity.Key))))
        {
            var question = new Question($"{ReasonCode.PublishedData}:{activity.Key}", "17(2)",
                $"What '{activity.Purpose}' holds was made public. Have those who link to it or copy it been told of the erasure, as far as that is reasonable?");
            if (!input.Answers.ContainsKey(question.Key))
                questions.Add(question.Key, question);
        }
    }

    // The field's name is the person's own word, so it stays out of the plan.
    private static void AskAboutUnknownFields(ControllerDataMap map, PlanInput input, Dictionary<string, Question> questions)
    {
        var question = new Question(ReasonCode.FieldUnknown, "16",
            "The person names something that no system can correct by itself. Has it been corrected or completed by hand?");
        if (HasUnknownFields(map, input) && !input.Answers.ContainsKey(question.Key))
            questions.Add(question.Key, question);
    }
}
