using DsrService.DataMap;
using DsrService.Sdk.Contracts;

namespace DsrService.Fulfilment.Restores;

/// <summary>What is to be done again and in which order. Pure. What undid itself since is left out; what concerns one
/// person goes one after the other as it did at first, so that the later change wins.</summary>
internal static class RedoOrder
{
    internal sealed record Change(RedoRecord Record, RedoContent Content);

    /// <summary>Each change with the one that must have been done before.</summary>
    public static IReadOnlyList<(Change Change, Change? After)> Of(ControllerDataMap map, IEnumerable<Change> changes)
    {
        var ordered = changes.OrderBy(change => change.Record.FirstDoneAt).ThenBy(change => change.Record.TaskId).ToList();
        ordered.RemoveAll(Undone(ordered).Contains);
        var last = new Dictionary<string, List<(int Chain, Change Change)>>(StringComparer.Ordinal);
        var result = new List<(Change, Change?)>();
        foreach (var change in ordered)
        {
            var names = Names(map, change);
            var before = names.Where(last.ContainsKey).SelectMany(name => last[name]).OrderByDescending(entry => entry.Chain).Select(entry => entry.Change).FirstOrDefault();
            result.Add((change, before));
            // A person known by two names is one from here on: whatever either leads to comes after this.
            var known = before is null ? names : names.Concat(Names(map, before)).Distinct();
            foreach (var name in known)
                last[name] = [(result.Count, change)];
        }
        return result;
    }

    // A lifted restriction is not restored, nor what was taken up again stopped.
    private static HashSet<Change> Undone(List<Change> ordered)
    {
        var undone = new HashSet<Change>();
        foreach (var end in ordered.Where(change => change.Record.Action is TaskAction.LiftRestriction or TaskAction.ResumeProcessing))
        {
            var begin = end.Record.Action == TaskAction.LiftRestriction ? TaskAction.Restrict : TaskAction.StopProcessing;
            var begun = ordered.Where(change => change.Record.Action == begin && change.Record.RequestId == end.Record.RequestId && change.Record.FirstDoneAt < end.Record.FirstDoneAt && Covers(end, change)).ToList();
            undone.UnionWith(begun);
            if (begun.Count > 0)
                undone.Add(end);
        }
        return undone;
    }

    private static bool Covers(Change end, Change begin) =>
        begin.Content.Scope.All(item => end.Content.Scope.Any(other => other.Category == item.Category));

    private static List<string> Names(ControllerDataMap map, Change change) =>
        [.. change.Content.Identifiers.Select(row => $"{row.Kind}\n{map.FindIdentifierKind(row.Kind)?.Normalise(row.Value.Reveal()) ?? row.Value.Reveal()}")];
}
