using DsrService.Applicability.Rules;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.DataMap;

/// <summary>What only the whole map can show to be wrong.</summary>
internal sealed class DataMapChecks(ControllerDataMap map, DataMapLines lines, DataMapErrors errors)
{
    public void Run()
    {
        CheckCategories();
        CheckSystems();
        CheckRecipients();
        CheckIdentifiers();
        CheckCycles();
    }

    private void CheckCategories()
    {
        foreach (var category in map.Categories.Where(category => !map.Activities.Any(activity => activity.Categories.Contains(category.Key))))
            Error("data category", category.Key, "no activity holds it, so no system covers it.");
        foreach (var activity in map.Activities.Where(activity => activity.SpecialCondition is null))
            if (activity.Categories.FirstOrDefault(key => map.Category(key).SpecialCategory) is { } special)
                Error("activity", activity.Key, $"'{special}' is a special category: 'specialCondition' (Art. 9(2)) is missing.");
    }

    private void CheckSystems()
    {
        foreach (var system in map.Systems)
        {
            if (!map.ActivitiesAt(system.Key).Any())
            {
                Error("system", system.Key, "no activity uses it, so no task would ever reach it.");
                continue;
            }
            var held = map.CategoriesAt(system.Key).Select(category => category.Key).ToHashSet();
            foreach (var field in system.Fields.Where(field => !held.Contains(field.Category)))
                Error("system", system.Key, $"field '{field.Field}' belongs to '{field.Category}', which the system does not hold.");
            foreach (var right in map.Controller.Rights)
                CheckRight(system, right);
        }
    }

    private void CheckRight(MappedSystem system, Right right)
    {
        // What another controller does of its own accord is asked of that controller, taken from it, and objected to with it.
        if (right == Right.Rectification || (right is Right.Access or Right.Portability or Right.Objection && map.IsAnotherControllers(system)))
            return;
        if (!map.ActivitiesAt(system.Key).Any(activity => Reaches(right, activity)))
            return;
        TaskAction[] actions = right switch
        {
            Right.Access => [TaskAction.Access],
            Right.Portability => [TaskAction.Export],
            Right.Erasure => [TaskAction.Erase, TaskAction.Notify],
            Right.Restriction => [TaskAction.Restrict, TaskAction.Notify],
            _ => [TaskAction.StopProcessing],
        };
        if (!actions.Any(system.Can))
            Error("system", system.Key,
                $"{DsrJson.Kebab(right)} is offered, but the system can do none of: {string.Join(", ", actions.Select(DsrJson.Kebab))}.");
    }

    private static bool Reaches(Right right, ProcessingActivity activity) => right switch
    {
        Right.Portability => PortabilityRules.Applies(activity),
        Right.Objection => ObjectionRules.CanBeObjectedTo(activity),
        _ => true,
    };

    private void CheckRecipients()
    {
        foreach (var recipient in map.Recipients)
            if (recipient.Contact is null && !map.Systems.Any(system => system.Recipient == recipient.Key))
                Error("recipient", recipient.Key, "no connected system reaches it, so it needs a 'contact'.");
            else if (!map.Activities.Any(activity => activity.Recipients.Contains(recipient.Key)))
                Error("recipient", recipient.Key, "no activity discloses anything to it.");
        foreach (var system in map.Systems.Where(system => map.IsAnotherControllers(system) && !system.Can(TaskAction.Notify)))
            Error("system", system.Key, "it is another controller's system, so it must be able to be notified (Art. 19).");
    }

    private void CheckIdentifiers()
    {
        if (map.FindIdentifierKind(IdentifierKind.Email) is not { Format: IdentifierFormat.Email })
            errors.Add(1, "data map: the identifier kind 'email' with 'format: email' is missing; every request has one.");
        foreach (var system in map.Systems)
            if (!system.Needs.Any(kind => kind == IdentifierKind.Email || map.FindIdentifierKind(kind)!.AskedInForm || map.GiversOf(kind, system).Any()))
                Error("system", system.Key, $"nothing leads to it: no system gives {string.Join(" or ", system.Needs)} and the form does not ask for it.");
    }

    // What one finds feeds the next, so a cycle would leave each waiting for the other.
    private void CheckCycles()
    {
        var done = new HashSet<string>();
        foreach (var system in map.Systems)
            if (FindCycle(system, [], done) is { } cycle)
            {
                var chain = cycle.Zip(cycle.Skip(1), (from, to) => $"{from.Key} gives {from.Gives.First(to.Needs.Contains)} to {to.Key}");
                Error("system", cycle[0].Key, $"identifiers go round in a circle: {string.Join(", ", chain)}.");
            }
    }

    private List<MappedSystem>? FindCycle(MappedSystem system, List<MappedSystem> path, HashSet<string> done)
    {
        var start = path.IndexOf(system);
        if (start >= 0)
            return [.. path[start..], system];
        if (!done.Add(system.Key))
            return null;
        path.Add(system);
        foreach (var next in map.Systems.Where(next => next != system && system.Gives.Any(next.Needs.Contains)))
            if (FindCycle(next, path, done) is { } cycle)
                return cycle;
        path.Remove(system);
        return null;
    }

    private void Error(string what, string key, string message) => errors.Add(lines.Of(what, key), $"{what} '{key}': {message}");
}
